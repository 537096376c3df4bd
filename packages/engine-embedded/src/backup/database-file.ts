export const databaseFileName = 'twite.db';

/** The section of an archive that contains the database. */
export const databaseSection = 'database';
