import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { weakEtag } from 'ts-rest-koa';
import { fileResponse, type Page } from './site.ts';

const contentType = 'application/json; charset=utf-8';

/** `/openapi.json`: the document in the contract's package, read on the first request. */
export function makeOpenapiPage(): Page {
  const file = createRequire(import.meta.url).resolve('@twite/contract/openapi.json');
  const load = async () => {
    const content = await readFile(file);
    return { content, contentType, etag: weakEtag(content) };
  };
  let loading: ReturnType<typeof load> | undefined;
  return async (ctx) => {
    loading ??= load();
    return fileResponse(ctx, await loading);
  };
}
