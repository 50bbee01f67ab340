package dev.unroot.registry.place;

/** Who chooses the references, and so which addresses a lookup may reach. */
public enum TrustZone {
    /** Anyone who may create a pod: public addresses only, save where the configuration says otherwise. */
    UNTRUSTED,
    /** The person who runs the command: any address, and a registry on this machine may speak plain http. */
    TRUSTED
}
