import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const composeFolder = join(import.meta.dirname, '..');

export interface Service {
  readonly image: string;
  readonly build?: object;
  readonly profiles?: readonly string[];
  readonly restart?: string;
  readonly entrypoint?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly privileged?: boolean;
  readonly read_only?: boolean;
  readonly user?: string;
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
  readonly healthcheck?: { readonly disable?: boolean; readonly test?: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy?: { readonly replicas?: string };
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly volumes?: readonly string[];
  readonly stop_grace_period?: string;
}

export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks?: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, object>>;
}

export const readCompose = (path: string): string => readFileSync(join(composeFolder, path), 'utf8');

/** A compose file with its anchors merged, and its variables unexpanded. */
export const loadCompose = (path: string): ComposeFile =>
  parse(readCompose(path), { merge: true }) as ComposeFile;

/** Each use of a variable in a text: its name and default, undefined if it has none. */
export const variablesIn = (text: string): { name: string; fallback: string | undefined }[] =>
  [...text.matchAll(/(?<!\$)\$\{(\w+)(?::([-?])([^}]*))?\}/g)].map(([, name = '', kind, value]) => ({
    name,
    fallback: kind === '-' ? value : undefined,
  }));

/** Expands a text with the defaults of its variables. */
export const withDefaults = (text: string): string =>
  text.replace(/(?<!\$)\$\{\w+:-([^}]*)\}/g, (_, value: string) => value);

/** `192m` in MiB. */
export function mebibytes(limit: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([mg])$/.exec(withDefaults(limit)) ?? [];
  return Number(digits) * (unit === 'g' ? 1024 : 1);
}

/** All sets of profiles that may be active, including the empty one. */
export function profileSets({ services }: ComposeFile): string[][] {
  const profiles = [...new Set(Object.values(services).flatMap((service) => service.profiles ?? []))];
  return Array.from({ length: 2 ** profiles.length }, (_, set) =>
    profiles.filter((_, index) => (set >> index) & 1),
  );
}

/** The services that run with these profiles. */
export const activeServices = ({ services }: ComposeFile, profiles: readonly string[]): [string, Service][] =>
  Object.entries(services).filter(
    ([, service]) =>
      service.profiles === undefined || service.profiles.some((name) => profiles.includes(name)),
  );
