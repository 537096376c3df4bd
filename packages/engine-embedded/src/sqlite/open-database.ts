import { EngineOpenError } from '../engine-open-error.ts';
import { openWriting } from './connection.ts';
import { createInlineWriter } from './inline-writer.ts';
import { createStatements, type Statements } from './statements.ts';
import type { CommitListener, Writer } from './writer.ts';

/** One database as the adapters see it. */
export interface OpenDatabase {
  readonly read: Statements;
  readonly writer: Writer;
  close(): Promise<void>;
}

export async function openDatabase(
  location: string,
  exclusive: boolean,
  listener: CommitListener,
): Promise<OpenDatabase> {
  if (location !== ':memory:') {
    throw new EngineOpenError(`a data folder cannot be opened yet: ${location} (exclusive: ${exclusive})`);
  }
  return openInMemory(listener);
}

function openInMemory(listener: CommitListener): OpenDatabase {
  const db = openWriting(':memory:');
  const writer = createInlineWriter(db, listener);
  return {
    read: createStatements(db),
    writer,
    async close() {
      await writer.close();
      db.close();
    },
  };
}
