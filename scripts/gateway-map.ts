import { contract, gatewayRoutes, type OperationId } from '@twite/contract';

const header = `# Which service answers which path: HAProxy's map of regular expressions, read by haproxy.cfg.
# Generated from the contract: npm run generate.
`;

const patternOf = (path: string): string =>
  `^${path.replaceAll(/[.+*?()[\]{}|^$\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}$`;

/**
 * The gateway's routing table. A path without parameters comes before one that would match it too, as HAProxy takes the
 * first match. Throws when two services share a path: the gateway routes by path alone, so that OPTIONS and unsupported
 * methods are answered by the path's service.
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

/**
 * Operations that the gateway must not retry, although their method is idempotent: after the first time, the calling
 * account or credential may be gone, and a client that succeeded would get 401, 403 or a wrong-password error.
 */
const doneOnce: readonly OperationId[] = [
  'changePassword',
  'deleteMe',
  'deleteSession',
  'deleteToken',
  'setRole',
];

/** Patterns of method and path that the gateway sends once. */
export function gatewayOnceList(ids: readonly string[] = doneOnce): string {
  const patterns = ids.map((id) => {
    if (!Object.hasOwn(contract, id)) throw new Error(`the contract has no operation ${id}`);
    const { method, path } = contract[id as OperationId];
    return `^${method} ${patternOf(path).slice(1)}\n`;
  });
  return `# What the gateway sends to a server once, read by haproxy.cfg.
# Generated from the contract by scripts/gateway-map.ts: npm run generate.
${patterns.join('')}`;
}
