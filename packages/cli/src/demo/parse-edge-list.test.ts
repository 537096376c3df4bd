import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeChecker } from './node-handles.ts';
import { EdgeListError, parseEdgeList } from './parse-edge-list.ts';

const anyName = () => undefined;
const name = fc.stringMatching(/^[A-Za-z0-9_]{1,8}$/);
const gap = fc.constantFrom(' ', '\t', ',', ', ', '  ', ' , ', ';');
const noise = fc.constantFrom('', '  ', '# a comment', '% another', '#1 2');
const lineEnd = fc.constantFrom('\n', '\r\n', '\r');

const written = fc.array(
  fc.record({
    from: name,
    to: name,
    gap,
    noise,
    end: lineEnd,
    weight: fc.constantFrom('', ' 1', ',0.5 1234', ' # known'),
  }),
  { maxLength: 40 },
);

test('separators, comments and further columns do not change the graph', () => {
  fc.assert(
    fc.property(written, (rows) => {
      const text = rows
        .map((row) => `${row.noise}${row.end} ${row.from}${row.gap}${row.to}${row.weight}${row.end}`)
        .join('');
      const graph = parseEdgeList(text, anyName);

      expect(graph.nodes).toEqual([...new Set(rows.flatMap(({ from, to }) => [from, to]))]);
      const pairs = rows
        .filter(({ from, to }) => from !== to)
        .map(({ from, to }) => [from, to].sort().join(' '));
      expect(graph.edges.map(([a, b]) => [graph.nodes[a], graph.nodes[b]].sort().join(' '))).toEqual([
        ...new Set(pairs),
      ]);
      expect(graph.loops).toBe(rows.length - pairs.length);
      expect(graph.edges.length + graph.repeatedEdges + graph.loops).toBe(rows.length);
    }),
    { numRuns: 1000 },
  );
});

test('any text is parsed as a graph, or fails with a line number', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      try {
        const { nodes, edges } = parseEdgeList(text, nodeChecker('u'));
        for (const [a, b] of edges) expect(0 <= a && a < b && b < nodes.length).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(EdgeListError);
        const { lineNumber } = error as EdgeListError;
        expect(lineNumber).toBeGreaterThan(0);
        expect(lineNumber).toBeLessThanOrEqual(text.split(/\r\n|\n|\r/).length);
      }
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['1 2\n3\n', 'Line 2: "3" is not an edge'],
  ['# two\n\n1 é\n', 'Line 3: "é" contains characters that handles cannot contain'],
  ['a b\nA c\n', 'Line 2: "A" and "a" would be the same handle'],
  [`1 ${'x'.repeat(40)}\n`, 'Line 1: "xxxx'],
])('%j is reported with its line', (text, told) => {
  expect(() => parseEdgeList(text, nodeChecker('u'))).toThrow(told);
});

test('the size line of a Matrix Market file is not an edge', () => {
  const { nodes, edges } = parseEdgeList('%%MatrixMarket matrix\n% x\n3 3 2\n1 2\n2 3\n', anyName);
  expect([nodes, edges]).toEqual([
    ['1', '2', '3'],
    [
      [0, 1],
      [1, 2],
    ],
  ]);
});
