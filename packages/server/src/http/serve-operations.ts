import {
  type Contract,
  ContractError,
  contract,
  type OperationId,
  type OperationMetadata,
  queryListsOf,
  type ServiceName,
} from '@twite/contract';
import type { Middleware } from 'koa';
import {
  type Around,
  createKoaMiddleware,
  type LogEvent,
  type Operation,
  type RouterHandlers,
} from 'ts-rest-koa';
import { makeHandlers } from '../routes/index.ts';
import type { RouteContext } from '../routes/route.ts';
import { makeAccessHook, makeRightsCheck } from './access-hook.ts';
import { tagAnswer } from './cacheable-answers.ts';
import { variesByOrigin } from './cors.ts';
import type { HttpLog, HttpMetrics } from './http-config.ts';
import { makeIdempotentAround } from './idempotent-requests.ts';
import { refusePasswordsWhileFull, takesPassword } from './password-operations.ts';
import { codeOfKind, problemResponse } from './problem-response.ts';
import { namesOf, type RequestState } from './request-state.ts';
import type { LoadShedder } from './shed-load.ts';
import { traceOperation } from './trace-requests.ts';
import { formMediaType, refuseWhileFull, sendAsForm } from './uploads/multipart-operations.ts';
import { makeUploadReader } from './uploads/read-upload.ts';
import type { UploadFolder } from './uploads/upload-folder.ts';

export interface ServeOptions {
  /** Counts the requests in progress. */
  readonly shedder: Pick<LoadShedder, 'beginWork' | 'endWork'>;
  readonly context: RouteContext;
  /** Undefined: no operation here accepts files. */
  readonly uploads: UploadFolder | undefined;
  /** Whether no more passwords of a client can be hashed now. */
  readonly isFullFor: (client: string) => boolean;
  readonly log: HttpLog;
  readonly metrics: Pick<HttpMetrics, 'uploadReceived'>;
  /** The name of this process: its unfinished work under an Idempotency-Key may be taken over when it is gone. */
  readonly owner: string;
  /** For tests: checks every answer against the contract. */
  readonly validateResponses: boolean;
}

const inServices = <T>(entries: Readonly<Record<string, T>>, services: readonly ServiceName[]) =>
  Object.fromEntries(
    Object.entries(entries).filter(([id]) => services.includes(contract[id as OperationId].metadata.service)),
  );

/** The error as this operation may report it; undefined when it may not, which is a bug. */
function declared(error: ContractError, metadata: OperationMetadata): ContractError | undefined {
  if (metadata.errors.includes(error.code)) return error;
  // The caller's own account, or what they just wrote, is not found: it was deleted while the request was answered.
  return error.status === 404 && metadata.auth === 'required'
    ? new ContractError('invalid_token')
    : undefined;
}

const messageOf: Readonly<Record<LogEvent['kind'], string>> = {
  internal: 'unhandled request error',
  undeclared_status: 'undeclared response status',
  invalid_response: 'invalid response body',
  stream_failed: 'response stream failed',
};

function makeLog(log: HttpLog): (event: LogEvent) => void {
  return (event) => {
    // The thrown error is logged with its request, by `onProblem`.
    if ((event.kind === 'internal' || event.kind === 'undeclared_status') && event.error !== undefined)
      return;
    const { kind, ...details } = event;
    const { error: err, ...rest } = { error: undefined, ...details };
    log.error(err === undefined ? rest : { ...rest, err }, messageOf[kind]);
  };
}

type AroundOperation = Around<RequestState, OperationMetadata>;

/**
 * Counts a request while its handler runs: not while its body arrives or its answer is sent, which clients can prolong.
 */
const counted =
  ({ beginWork, endWork }: ServeOptions['shedder'], around: AroundOperation | undefined): AroundOperation =>
  async (ctx, input, next) => {
    beginWork();
    try {
      return await (around === undefined ? next() : around(ctx, input, next));
    } finally {
      endWork();
    }
  };

/** The operations of the mounted services, behind the hooks that their metadata require. */
export function serveOperations(options: ServeOptions): Middleware {
  const { shedder, context, uploads, isFullFor, log, metrics, owner, validateResponses } = options;
  const { deps, config, countRequest } = context;
  const runOnce = makeIdempotentAround(deps, owner);
  const vary = variesByOrigin(config.corsOrigins) ? 'Origin, Authorization' : 'Authorization';

  const forOperation = (operation: Operation<OperationMetadata>) => {
    const { operationId, route, metadata } = operation;
    const reads = route.method === 'GET';
    const trace = traceOperation(operation);
    const cacheControl = metadata.cacheable === 'private' ? 'private, no-cache' : 'no-store';
    const around = trace.around(
      reads
        ? metadata.cacheable === 'private'
          ? tagAnswer
          : undefined
        : metadata.idempotencyKey
          ? runOnce
          : undefined,
    );
    const checkAccess = makeAccessHook(deps, metadata, countRequest);
    return {
      queryLists: queryListsOf(operationId as OperationId),
      beforeBody: [
        (({ koa, state }) => {
          state.operationId = operationId as OperationId;
          trace.begin(koa.req, koa.res, state);
          koa.res.setHeader('cache-control', cacheControl);
          koa.res.setHeader('vary', vary);
        }) satisfies typeof checkAccess,
        trace.hook(checkAccess),
        ...(metadata.body === 'upload' ? [refuseWhileFull(deps)] : []),
        ...(takesPassword(metadata) ? [refusePasswordsWhileFull(isFullFor)] : []),
      ],
      afterBody: metadata.auth === 'none' ? [] : [trace.hook(makeRightsCheck(deps, metadata))],
      // Uploads wait for their own processes, whose queue is bounded.
      around: metadata.body === 'upload' ? around : counted(shedder, around),
    };
  };

  // A part of the contract with the handlers of that part: the types of the whole describe both.
  return createKoaMiddleware<Contract, RequestState>(
    inServices(contract, config.services) as unknown as Contract,
    inServices(makeHandlers(context), config.services) as unknown as RouterHandlers<Contract, RequestState>,
    {
      forOperation,
      jsonLimitBytes: config.jsonBodyBytesMax,
      bodyReaders: uploads
        ? { [formMediaType]: makeUploadReader(uploads, deps.settings.media, metrics) }
        : {},
      validateResponses,
      log: makeLog(log),
      mapError: (error, { koa, state, metadata }) => {
        if (!(error instanceof ContractError)) return undefined;
        const told = declared(error, metadata);
        if (told !== undefined) state.errorCode = told.code;
        return told && problemResponse(told, state.requestId ?? koa.get('x-request-id'));
      },
      onProblem: ({ kind, operationId, issues, cause }, koa) => {
        const state = koa.state as RequestState;
        if (cause !== undefined)
          log.error({ err: cause, operationId, ...namesOf(state) }, 'unhandled request error');
        const error = new ContractError(codeOfKind[kind], {
          ...(issues ? { errors: issues } : {}),
          ...(kind === 'unsupported_media_type' &&
          operationId &&
          contract[operationId as OperationId].metadata.body === 'upload'
            ? { detail: sendAsForm }
            : {}),
        });
        state.errorCode = error.code;
        return problemResponse(error, state.requestId);
      },
    },
  );
}
