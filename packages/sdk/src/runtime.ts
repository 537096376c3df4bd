interface ServerProcess {
  readonly versions?: { readonly node?: string };
  readonly env: Readonly<Record<string, string | undefined>>;
}

const { process } = globalThis as { readonly process?: ServerProcess };

/** Node, Deno or Bun; undefined in browsers, also where a bundler puts a `process` there. */
export const serverProcess: ServerProcess | undefined =
  process?.versions?.node === undefined ? undefined : process;
