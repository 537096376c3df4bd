import { parse } from 'yaml';
import { readCompose } from './compose-files.ts';

interface Condition {
  readonly equals?: Readonly<Record<string, string>>;
  readonly has_fields?: readonly string[];
  readonly not?: Condition;
}

/** The part of a processor that filebeat.yml uses. */
interface Processor {
  readonly drop_event?: { readonly when: Condition };
  readonly decode_json_fields?: { readonly fields: readonly string[]; readonly target: string };
  readonly drop_fields?: { readonly fields: readonly string[] };
  readonly rename?: { readonly fields: readonly { readonly from: string; readonly to: string }[] };
}

export interface FilebeatConfig {
  readonly 'filebeat.inputs': readonly { readonly type: string; readonly paths: readonly string[] }[];
  readonly processors: readonly Processor[];
  readonly 'output.elasticsearch': { readonly index: string };
  readonly 'setup.template.enabled': boolean;
}

export const readFilebeat = (): FilebeatConfig =>
  parse(readCompose('filebeat/filebeat.yml')) as FilebeatConfig;

type Fields = { [name: string]: unknown };

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Like Filebeat's: a key with dots is looked up as it is, or as a path. */
function get(fields: Fields, path: string): unknown {
  if (Object.hasOwn(fields, path)) return fields[path];
  const [first = '', ...rest] = path.split('.');
  const inner = fields[first];
  return rest.length > 0 && isFields(inner) ? get(inner, rest.join('.')) : undefined;
}

function put(fields: Fields, path: string, value: unknown): void {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    fields[first] = value;
    return;
  }
  const inner = isFields(fields[first]) ? (fields[first] as Fields) : {};
  fields[first] = inner;
  put(inner, rest.join('.'), value);
}

function remove(fields: Fields, path: string): void {
  const [first = '', ...rest] = path.split('.');
  const inner = fields[first];
  if (rest.length === 0) delete fields[first];
  else if (isFields(inner)) remove(inner, rest.join('.'));
}

const holds = ({ equals, has_fields, not }: Condition, event: Fields): boolean =>
  (equals === undefined || Object.entries(equals).every(([path, value]) => get(event, path) === value)) &&
  (has_fields === undefined || has_fields.every((path) => get(event, path) !== undefined)) &&
  (not === undefined || !holds(not, event));

function decoded(text: unknown): Fields | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The event that filebeat.yml makes of a line of Docker's json-file log; undefined when it drops it. Replaces Filebeat,
 * which is in no registry that tests may use: its parser `container` and the processors in the file, implemented from
 * their documentation.
 */
export function filebeatEvent(dockerLine: string, tag: string): Fields | undefined {
  const { log, stream, time, attrs } = JSON.parse(dockerLine) as Record<string, string>;
  if (stream !== 'stdout') return undefined;
  const event: Fields = {
    '@timestamp': time,
    message: log?.replace(/\n$/, ''),
    stream,
    ...(attrs === undefined ? {} : { docker: { attrs } }),
    agent: { type: 'filebeat' },
    ecs: { version: '8.0.0' },
    input: { type: 'filestream' },
    log: { offset: 0, file: { path: '/var/lib/docker/containers/1/1-json.log' } },
  };
  const { processors } = parse(
    readCompose('filebeat/filebeat.yml').replaceAll(/\$\{TWITE_LOG_TAG\}/g, tag),
  ) as FilebeatConfig;
  for (const { drop_event, decode_json_fields, drop_fields, rename } of processors) {
    if (drop_event !== undefined && holds(drop_event.when, event)) return undefined;
    for (const field of decode_json_fields?.fields ?? []) {
      const value = decoded(get(event, field));
      if (value !== undefined) put(event, decode_json_fields?.target ?? '', value);
    }
    for (const field of drop_fields?.fields ?? []) remove(event, field);
    for (const { from, to } of rename?.fields ?? []) {
      const value = get(event, from);
      if (value === undefined || get(event, to) !== undefined) continue;
      remove(event, from);
      put(event, to, value);
    }
  }
  return event;
}

/** A line as written by Docker's json-file driver, with the tag that compose.yaml gives to Twite's processes. */
export const dockerLine = (log: string, tag?: string, stream = 'stdout'): string =>
  JSON.stringify({
    log: `${log}\n`,
    stream,
    ...(tag === undefined ? {} : { attrs: { tag } }),
    time: '2026-01-02T03:04:05.678901234Z',
  });
