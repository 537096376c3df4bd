interface ServerProcess {
  readonly versions?: { readonly node?: string };
  readonly env: Readonly<Record<string, string | undefined>>;
}

const { process } = globalThis as { readonly process?: ServerProcess };

/** The process of Node, Deno or Bun. Undefined in browsers, even where a bundler provides a `process`. */
export const serverProcess: ServerProcess | undefined =
  process?.versions?.node === undefined ? undefined : process;
