export const databaseFileName = 'twite.db';

/** The section of an archive that holds the database. */
export const databaseSection = 'database';
