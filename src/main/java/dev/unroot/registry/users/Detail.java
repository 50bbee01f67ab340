package dev.unroot.registry.users;

/** How much to find out. */
public enum Detail {
    /** The uid; layers are read only where the USER is a name. */
    USER,
    /** The gid as well, which is in the passwd for a numeric USER too. */
    USER_AND_GROUP
}
