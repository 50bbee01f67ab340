package dev.unroot.registry.remote;

/** Who chooses the references, and so which addresses a lookup may reach. */
public enum Reach {
    /** Anyone who may create a pod: public addresses only, save where the configuration says otherwise. */
    STRANGERS,
    /** The person who runs the command: any address, and a registry on this machine may speak plain http. */
    SELF
}
