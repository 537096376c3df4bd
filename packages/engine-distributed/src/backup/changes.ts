import { type AnyBulkWriteOperation, BSON, type Document } from 'mongodb';
import type { BackedUpName } from './backed-up.ts';

/** Keeps BSON's own types (`Int32`, `Double`, …), so that a document is written back exactly as it was read. */
export const exactTypes = { promoteValues: false, promoteLongs: false, promoteBuffers: false } as const;

/** The part of a change stream event that describes one document. */
export interface StreamedChange {
  readonly operationType: string;
  readonly ns?: { readonly db?: string; readonly coll?: string };
  readonly documentKey?: { readonly _id?: unknown };
  readonly fullDocument?: Document;
  readonly updateDescription?: {
    readonly updatedFields?: Document;
    readonly removedFields?: readonly string[];
    readonly truncatedArrays?: readonly { readonly field: string; readonly newSize: unknown }[];
  };
}

/**
 * A change of one document, as a backup stores it. It may be applied again, as long as all later changes are applied
 * too.
 */
export type KeptChange = {
  readonly collection: BackedUpName;
  readonly id: unknown;
} & (
  | { readonly op: 'put'; readonly document: Document }
  | {
      readonly op: 'update';
      readonly set: Document;
      readonly unset: readonly string[];
      readonly truncate: readonly { readonly field: string; readonly size: unknown }[];
    }
  | { readonly op: 'delete' }
);

/** Returns undefined when the event does not change a document. */
export function keptChange(collection: BackedUpName, change: StreamedChange): KeptChange | undefined {
  const id = change.documentKey?._id;
  const { fullDocument, updateDescription = {} } = change;
  switch (change.operationType) {
    case 'insert':
    case 'replace':
      return fullDocument && { collection, id, op: 'put', document: fullDocument };
    case 'update': {
      const { updatedFields = {}, removedFields = [], truncatedArrays = [] } = updateDescription;
      const truncate = truncatedArrays.map(({ field, newSize }) => ({ field, size: newSize }));
      return { collection, id, op: 'update', set: updatedFields, unset: removedFields, truncate };
    }
    case 'delete':
      return { collection, id, op: 'delete' };
    default:
      return undefined;
  }
}

export const writeChange = (change: KeptChange): Uint8Array => BSON.serialize(change);

export const readChange = (bytes: Uint8Array): KeptChange =>
  BSON.deserialize(bytes, exactTypes) as unknown as KeptChange;

/** The writes that apply a change, in order. */
export function writesOf(change: KeptChange): AnyBulkWriteOperation<Document>[] {
  const filter = { _id: change.id } as Document;
  switch (change.op) {
    case 'put':
      return [{ replaceOne: { filter, replacement: change.document, upsert: true } }];
    case 'delete':
      return [{ deleteOne: { filter } }];
    case 'update': {
      const { set, unset, truncate } = change;
      const update = {
        ...(Object.keys(set).length === 0 ? {} : { $set: set }),
        ...(unset.length === 0 ? {} : { $unset: Object.fromEntries(unset.map((field) => [field, ''])) }),
      };
      return [
        ...truncate.map(({ field, size }) => ({
          updateOne: { filter, update: { $push: { [field]: { $each: [], $slice: size } } } as Document },
        })),
        ...(Object.keys(update).length === 0 ? [] : [{ updateOne: { filter, update } }]),
      ];
    }
  }
}
