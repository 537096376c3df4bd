import { contract, type OperationId, operationIds } from '@twite/contract';
import { createRouteTable } from 'ts-rest-koa';
import { mediaPrefix } from './media/serve-media.ts';
import type { Asked } from './shed-requests.ts';

/** Orchestrators request these: if they restart an overloaded server, it is gone altogether. */
const healthPages: ReadonlySet<string> = new Set(['/livez', '/readyz']);

const pathOf = (url: string): string => {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
};

/** Requests that are not operations: pages of the reference, and paths that do not exist. */
const otherPage: Asked = { operationId: undefined, priority: 'low' };
const media: Asked = { operationId: undefined, priority: 'normal' };

/** Returns a function that identifies a request's target; undefined for requests that are never rejected. */
export function makeAskedOf(): (method: string, url: string) => Asked | undefined {
  const asked = operationIds.map((operationId: OperationId) => {
    const { metadata, ...route } = contract[operationId];
    return { route, answer: { operationId, priority: metadata.priority } satisfies Asked };
  });
  const routes = createRouteTable(asked, '');
  return (method, url) => {
    // Browsers send it before a request that is rejected itself; answering costs no more than rejecting.
    if (method === 'OPTIONS') return undefined;
    const match = routes.match(method, url);
    if (match !== undefined && match !== 'malformed') return match.operation.answer;
    if (url.startsWith(mediaPrefix)) return media;
    return healthPages.has(pathOf(url)) ? undefined : otherPage;
  };
}
