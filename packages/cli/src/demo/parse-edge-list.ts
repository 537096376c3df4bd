/** An undirected graph of people. */
export interface Graph {
  /** In the order of first appearance. */
  readonly nodes: readonly string[];
  /** Each pair once, regardless of direction; as indices into `nodes`, the smaller one first. */
  readonly edges: readonly (readonly [number, number])[];
  /** Lines that repeat an earlier edge. */
  readonly repeatedEdges: number;
  /** Lines that join a node to itself. */
  readonly loops: number;
}

/** A line of the file that cannot be parsed. */
export class EdgeListError extends Error {
  override name = 'EdgeListError';
  /** From 1. */
  readonly lineNumber: number;

  constructor(lineNumber: number, reason: string) {
    super(`Line ${lineNumber}: ${reason}`);
    this.lineNumber = lineNumber;
  }
}

const shown = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);

/**
 * Parses `a b`, one edge per line. Commas, tabs and further columns (weights, times) are accepted; `#` and `%` start
 * comments. `checkNode` returns what is wrong with a node's name, if anything.
 */
export function parseEdgeList(text: string, checkNode: (name: string) => string | undefined): Graph {
  const indices = new Map<string, number>();
  const edges = new Map<string, readonly [number, number]>();
  let repeatedEdges = 0;
  let loops = 0;
  // Matrix Market files state their size before the first edge.
  let sizeIsNext = text.startsWith('%%MatrixMarket');

  const indexOf = (name: string, lineNumber: number): number => {
    const known = indices.get(name);
    if (known !== undefined) return known;
    const wrong = checkNode(name);
    if (wrong) throw new EdgeListError(lineNumber, `${shown(name)} ${wrong}`);
    indices.set(name, indices.size);
    return indices.size - 1;
  };

  for (const [at, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const content = line.replace(/[#%].*$/s, '').trim();
    if (content === '') continue;
    if (sizeIsNext) {
      sizeIsNext = false;
      continue;
    }
    const [from, to] = content.split(/\s*[,;]\s*|\s+/);
    if (!from || !to)
      throw new EdgeListError(at + 1, `${shown(content)} is not an edge. Write two names, such as \`1 2\`.`);
    const a = indexOf(from, at + 1);
    const b = indexOf(to, at + 1);
    const edge = a < b ? ([a, b] as const) : ([b, a] as const);
    const key = edge.join(' ');
    if (a === b) loops++;
    else if (edges.has(key)) repeatedEdges++;
    else edges.set(key, edge);
  }
  return { nodes: [...indices.keys()], edges: [...edges.values()], repeatedEdges, loops };
}
