/**
 * The version of the data that this release writes. Raise it with every change that an older relay or worker cannot
 * read: a new event, a new collection that the relay watches, a new format of data that it reads. From the first
 * process of this release on, relays of older releases stand by: see docs/operations/upgrade.md.
 */
export const schemaVersion = 4;

/**
 * The oldest version whose servers and workers can run alongside this release and be restarted. Raise it, in a release
 * after the one that changed the data, when older code must no longer use the data: it then refuses to start.
 */
export const oldestCompatibleVersion = 1;
