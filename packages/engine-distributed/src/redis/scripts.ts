import type { Redis } from 'ioredis';
import { nameScript } from './command-spans.ts';

/** A Lua script on the server, called by its hash. */
export type Script = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

type Commands = Record<string, (...args: (string | number)[]) => Promise<unknown>>;

export function defineScript(client: Redis, name: string, lua: string): Script {
  client.defineCommand(name, { lua });
  nameScript(name, lua);
  const commands = client as unknown as Commands;
  return (keys, args) => (commands[name] as Commands[string])(keys.length, ...keys, ...args);
}
