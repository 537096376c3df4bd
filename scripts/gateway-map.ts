import { gatewayRoutes } from '@twite/contract';

const header = `# Which service answers which path: HAProxy's map of regular expressions, read by haproxy.cfg.
# Generated from the contract: npm run generate.
`;

const patternOf = (path: string): string =>
  `^${path.replaceAll(/[.+*?()[\]{}|^$\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}$`;

/**
 * The gateway's routing table. A path without parameters comes before one that it would match too, as HAProxy takes the
 * first. Throws when two services share a path: the gateway routes by path alone, so that OPTIONS and methods that a path
 * does not have are answered by its service.
 */
export function gatewayMap(): string {
  const serviceOf = new Map<string, string>();
  for (const { path, service } of gatewayRoutes()) {
    const pattern = patternOf(path);
    const known = serviceOf.get(pattern);
    if (known !== undefined && known !== service) {
      throw new Error(`${path} belongs to ${known} and ${service}: a path must belong to one service`);
    }
    serviceOf.set(pattern, service);
  }
  const byLiteralFirst = (a: string, b: string) =>
    a.split('[^/]+').length - b.split('[^/]+').length || (a < b ? -1 : 1);
  const patterns = [...serviceOf.keys()].sort(byLiteralFirst);
  const width = Math.max(...patterns.map(({ length }) => length));
  return `${header}${patterns.map((pattern) => `${pattern.padEnd(width)} ${serviceOf.get(pattern)}\n`).join('')}`;
}
