import type { SchemaObject } from 'openapi3-ts/oas31';
import { describe, expect, test } from 'vitest';
import { z } from 'zod4';
import { generateOpenApi } from './document.ts';
import { schemaRegistry } from './schemas.ts';
import { schemasOf } from './testing/walk.ts';

const document = generateOpenApi({ version: '0' });
const component = (name: string): SchemaObject => document.components?.schemas?.[name] as SchemaObject;

describe('schemas of the document', () => {
  test('are not empty or merely annotated', () => {
    const assertions = ['$ref', 'type', 'const', 'enum', 'anyOf', 'oneOf', 'allOf'];
    let seen = 0;
    for (const [pointer, schema] of schemasOf(document)) {
      seen++;
      expect(
        assertions.some((keyword) => keyword in schema),
        pointer,
      ).toBe(true);
      if (schema.type === 'array') expect(schema.items, pointer).toBeDefined();
      if (schema.type === 'object') {
        expect(schema.properties ?? schema.additionalProperties, pointer).toBeDefined();
      }
    }
    expect(seen).toBeGreaterThan(300);
  });

  test('are defined once: repeated objects and enumerations are components', () => {
    const first = new Map<string, string>();
    for (const [pointer, schema] of schemasOf(document)) {
      if (!schema.enum && !schema.properties) continue;
      const { description: _text, examples: _examples, ...shape } = schema;
      const key = JSON.stringify(shape);
      expect(first.get(key), `${pointer} repeats ${first.get(key)}`).toBeUndefined();
      first.set(key, pointer);
    }
  });

  test('contain no internal names of zod', () => {
    const text = JSON.stringify(document);
    for (const trace of ['$defs', '__schema', '"$schema"', '"id":', '~standard', 'x-comma-separated']) {
      expect(text).not.toContain(trace);
    }
  });

  test('have valid patterns, and existing required members', () => {
    for (const [pointer, schema] of schemasOf(document)) {
      if (schema.pattern !== undefined)
        expect(() => new RegExp(schema.pattern ?? '', 'u'), pointer).not.toThrow();
      for (const name of schema.required ?? []) {
        expect(Object.keys(schema.properties ?? {}), pointer).toContain(name);
      }
    }
  });

  test('describe the rules that are refinements in zod', () => {
    expect(component('Id').pattern).toBe('^[0-9]{19}$');
    expect(component('Id').description).toContain('9223372036854775807');
    expect(component('Handle')).toMatchObject({ pattern: '^[A-Za-z0-9_]+$', maxLength: 30 });
    expect(component('Timestamp')).toMatchObject({ format: 'date-time' });
    expect(component('NewDisplayName').maxLength).toBe(50);
    expect(component('NewBio').maxLength).toBe(300);
    expect(component('NewPassword')).toMatchObject({ minLength: 3, maxLength: 1024, format: 'password' });
    expect(component('NewToken').properties?.name).toMatchObject({ minLength: 1, maxLength: 100 });
    expect(component('NewText')).toMatchObject({ maxLength: 10_000 });
  });

  test('suit client generators: no pattern on a date-time, no default in a body', () => {
    const pointers = [...schemasOf(document)];
    expect(pointers.some(([, { format }]) => format === 'date-time')).toBe(true);
    for (const [pointer, schema] of pointers) {
      if (schema.format === 'date-time') expect(schema.pattern, pointer).toBeUndefined();
      if (pointer.includes('/properties/')) expect(schema.default, pointer).toBeUndefined();
    }
    expect(component('NewPost').properties?.visibility).toEqual({
      $ref: '#/components/schemas/Visibility',
      description: 'Default: `"public"`.',
      examples: ['public'],
    });
  });

  test('are closed in requests and open in responses', () => {
    expect(component('NewPost').additionalProperties).toBe(false);
    expect(component('NewPost').required).toEqual(['text']);
    expect(component('Post').additionalProperties).toBeUndefined();
    expect(component('Post').required).toContain('visibility');
  });
});

describe('the registry', () => {
  test('creates a component for every schema with an id, and references it', () => {
    const registry = schemaRegistry();
    const inner = z.string().meta({ id: 'TestInner' });
    const outer = z.object({ a: inner, b: inner.optional().describe('B.') });
    expect(registry.schemaOf(outer, 'output')).toEqual({
      type: 'object',
      properties: {
        a: { $ref: '#/components/schemas/TestInner' },
        b: { $ref: '#/components/schemas/TestInner', description: 'B.' },
      },
      required: ['a'],
    });
    expect(registry.components).toEqual({ TestInner: { type: 'string' } });
  });

  test('refuses two schemas with one id, and a schema that differs by direction', () => {
    const registry = schemaRegistry();
    registry.schemaOf(z.string().meta({ id: 'TestTwice' }), 'output');
    expect(() => registry.schemaOf(z.number().meta({ id: 'TestTwice' }), 'output')).toThrow(/TestTwice/);
    const both = z.object({ a: z.string().default('x') }).meta({ id: 'TestDirections' });
    registry.schemaOf(both, 'output');
    expect(() => registry.schemaOf(both, 'input')).toThrow(/TestDirections/);
  });
});
