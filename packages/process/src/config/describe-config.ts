import { allVariables } from './variables.ts';

/** The configuration without secrets, safe to show and store. */
export interface DescribedConfig {
  /** The effective values, by the names of the variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** The names of set variables that hold a secret. */
  readonly secrets: readonly string[];
}

/** Describes an environment that `loadConfig` accepts, without its secrets. */
export function describeConfig(env: Readonly<Record<string, string | undefined>>): DescribedConfig {
  const textOf = (name: string) => env[name]?.trim() || undefined;
  return {
    variables: Object.fromEntries(
      allVariables
        .filter(({ secret }) => !secret)
        .map((variable) => [variable.name, textOf(variable.name) ?? variable.default]),
    ),
    secrets: allVariables
      .filter(({ secret }) => secret)
      .flatMap(({ name }) => [name, `${name}_FILE`])
      .filter((name) => textOf(name) !== undefined),
  };
}
