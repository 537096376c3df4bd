import type { TextEntities } from '@twite/contract';

/** The entities of a text as they are stored, frozen as the records are that hold them. */
export function parseEntities(json: string): TextEntities {
  const entities = JSON.parse(json) as TextEntities;
  for (const list of Object.values(entities)) {
    for (const entity of list) Object.freeze(entity);
    Object.freeze(list);
  }
  return Object.freeze(entities);
}
