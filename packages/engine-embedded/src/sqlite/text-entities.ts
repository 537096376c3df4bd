import type { TextEntities } from '@twite/contract';

/** Parses the stored entities of a text. Frozen like the records that contain them. */
export function parseEntities(json: string): TextEntities {
  const entities = JSON.parse(json) as TextEntities;
  for (const list of Object.values(entities)) {
    for (const entity of list) Object.freeze(entity);
    Object.freeze(list);
  }
  return Object.freeze(entities);
}
