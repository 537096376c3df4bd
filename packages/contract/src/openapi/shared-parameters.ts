import type { OperationObject, ParameterObject, ReferenceObject } from 'openapi3-ts/oas31';

const componentName = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/**
 * Moves every parameter that several operations share into components, and leaves a `$ref` in its place.
 *
 * @throws Error when two different parameters would have the same name there.
 */
export function shareParameters(operations: readonly OperationObject[]): Record<string, ParameterObject> {
  const uses = new Map<string, number>();
  const all = operations.flatMap((operation) => (operation.parameters ?? []) as ParameterObject[]);
  for (const parameter of all) {
    const key = JSON.stringify(parameter);
    uses.set(key, (uses.get(key) ?? 0) + 1);
  }
  const shared: Record<string, ParameterObject> = {};
  const share = (parameter: ParameterObject): ParameterObject | ReferenceObject => {
    const key = JSON.stringify(parameter);
    if ((uses.get(key) ?? 0) < 2) return parameter;
    const name = componentName(parameter.name);
    const known = shared[name];
    if (known && JSON.stringify(known) !== key) throw new Error(`Two shared parameters are called ${name}`);
    shared[name] = parameter;
    return { $ref: `#/components/parameters/${name}` };
  };
  for (const operation of operations) {
    operation.parameters = ((operation.parameters ?? []) as ParameterObject[]).map(share);
  }
  return shared;
}
