import type { Collection, WithoutId } from 'mongodb';
import { duplicateField } from './errors.ts';

/** Replaces the document with the same id, or inserts it. Returns some fields of the old one, or null. */
export async function replaceById<T extends { _id: string }, F extends keyof T & string>(
  collection: Collection<T>,
  _id: string,
  fields: WithoutId<T>,
  keep: F,
): Promise<Pick<T, F> | null> {
  const replace = () =>
    collection.findOneAndReplace({ _id } as object, fields, {
      upsert: true,
      returnDocument: 'before',
      projection: { [keep]: 1 },
    }) as Promise<Pick<T, F> | null>;
  try {
    return await replace();
  } catch (error) {
    // Two concurrent inserts of the same id: the second replaces.
    if (duplicateField(error) === undefined) throw error;
    return replace();
  }
}
