import { readFile } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';
import { checkPrefix, nodeChecker } from './node-handles.ts';
import { EdgeListError, type Graph, parseEdgeList } from './parse-edge-list.ts';

/** Reads an edge list whose nodes can become handles that start with the prefix. */
export async function readGraph(file: string, prefix: string): Promise<Graph> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`Cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
  try {
    const graph = parseEdgeList(text, nodeChecker(checkPrefix(prefix)));
    if (graph.nodes.length === 0)
      throw new UsageError(`${file} has no edges. Write two names on each line, such as \`1 2\`.`);
    return graph;
  } catch (error) {
    if (error instanceof EdgeListError) throw new UsageError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}
