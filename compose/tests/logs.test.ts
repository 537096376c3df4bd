import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { logMessages } from '../../scripts/logs/log-messages.ts';
import { indexTemplate } from '../kibana/index-template.mjs';
import { savedObjects, savedSearches } from '../kibana/saved-objects.mjs';
import { loadCompose, readCompose, type Service, variablesIn, withDefaults } from './compose-files.ts';
import { readFilebeat } from './filebeat-event.ts';

const { services } = loadCompose('compose.yaml');
const serviceOf = (name: string): Service => services[name] as Service;
/** Variables that a shell sets from files before it starts the program. */
const exportedBy = (entrypoint: readonly string[]): string[] =>
  [...entrypoint.join(' ').matchAll(/(\w+)=\$\$/g)].map(([, name = '']) => name);
const template = indexTemplate({ retention: '14d' });

interface Mapping {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Mapping>>;
  readonly fields?: Readonly<Record<string, Mapping>>;
}

/** The names of all fields of a mapping. */
const fieldsOf = ({ properties = {}, fields = {} }: Mapping, prefix = ''): string[] =>
  [...Object.entries(properties), ...Object.entries(fields)].flatMap(([name, mapping]) => [
    ...(mapping.type === undefined ? [] : [`${prefix}${name}`]),
    ...fieldsOf(mapping, `${prefix}${name}.`),
  ]);
const mapped = fieldsOf(template.template.mappings);

describe('Filebeat', () => {
  const filebeat = readFilebeat();
  const { environment = {}, entrypoint = [], volumes = [], networks } = serviceOf('filebeat');

  test('reads the files of Docker, never writes them, and has no access to Docker itself', () => {
    const docker = volumes.filter((volume) => volume.includes('docker'));
    expect(docker.map(withDefaults)).toEqual(['/var/lib/docker/containers:/var/lib/docker/containers:ro']);
    expect(volumes.join()).not.toContain('docker.sock');
    expect(networks).toEqual(['elasticsearch']);
    const [input] = filebeat['filebeat.inputs'];
    expect(input?.type).toBe('filestream');
    for (const path of input?.paths ?? []) expect(path).toMatch(/^\/var\/lib\/docker\/containers\//);
  });

  test('has every variable that its configuration uses', () => {
    const named = variablesIn(readCompose('filebeat/filebeat.yml')).map(({ name }) => name);
    const given = [...Object.keys(environment), ...exportedBy(entrypoint)];
    expect(named.length).toBeGreaterThan(2);
    expect(given).toEqual(expect.arrayContaining(named));
  });

  test('ships only lines with the tag of Twite’s processes: servers, worker, relay and commands', () => {
    const tagged = Object.entries(services)
      .filter(([, { logging }]) => logging?.options.tag === environment.TWITE_LOG_TAG)
      .map(([name]) => name);
    expect(tagged.sort()).toEqual(['posts', 'profile', 'relay', 'social', 'twite', 'worker']);
    for (const [name, { logging }] of Object.entries(services))
      if (!tagged.includes(name)) expect(logging?.options).not.toHaveProperty('tag');
  });

  test('writes to a data stream of the index template, and waits for it', () => {
    expect(filebeat['output.elasticsearch'].index).toMatch(
      new RegExp(`^${template.index_patterns[0]?.replace('*', '.+')}$`),
    );
    expect(filebeat['setup.template.enabled']).toBe(false);
    expect(serviceOf('filebeat').depends_on).toEqual({
      'logs-setup': { condition: 'service_completed_successfully' },
    });
  });

  test('renames fields to those of the index template', () => {
    const targets = filebeat.processors.flatMap(({ rename }) => rename?.fields.map(({ to }) => to) ?? []);
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((field) => !mapped.includes(field))).toEqual([]);
  });
});

describe('Kibana', () => {
  test('has every variable that its configuration uses', () => {
    const { environment = {}, entrypoint = [] } = serviceOf('kibana');
    const named = variablesIn(readCompose('kibana/kibana.yml')).map(({ name }) => name);
    const given = [...Object.keys(environment), ...exportedBy(entrypoint)];
    expect(given).toEqual(expect.arrayContaining(named));
    expect(parse(readCompose('kibana/kibana.yml'))).toMatchObject({
      'elasticsearch.username': 'kibana_system',
    });
  });

  test('has the version of Elasticsearch', () => {
    const versionOf = (name: string) => withDefaults(serviceOf(name).image).split(':')[1];
    expect(versionOf('kibana')).toBe(versionOf('elasticsearch'));
    expect(versionOf('filebeat')).toBe(versionOf('elasticsearch'));
  });

  test('imports one object per line, each with an existing data view', () => {
    const objects = savedObjects()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const views = objects.filter(({ type }) => type === 'index-pattern').map(({ id }) => id);
    expect(views).toHaveLength(1);
    expect(new Set(objects.map(({ id }) => id)).size).toBe(objects.length);
    for (const { type, references, attributes } of objects.filter((object) => object.type === 'search')) {
      expect([type, references]).toEqual(['search', [expect.objectContaining({ id: views[0] })]]);
      expect(JSON.parse(attributes.kibanaSavedObjectMeta.searchSourceJSON).indexRefName).toBe(
        references[0].name,
      );
    }
  });

  test.each(savedSearches)(
    '$title: its fields are mapped, and its messages are logged',
    ({ query, columns }) => {
      const fields = [...query.matchAll(/([\w.@]+) *(?::|>=|<|>)/g)].map(([, field]) => field as string);
      expect(fields.length).toBeGreaterThan(0);
      expect([...fields, ...columns].filter((field) => !mapped.includes(field))).toEqual([]);
      if (!query.startsWith('message')) return;
      const messages = [...query.matchAll(/"([^"]+)"/g)].map(([, text]) => text as string);
      const known = Object.values(logMessages).flatMap((area) => Object.keys(area));
      expect(messages.filter((text) => !known.includes(text))).toEqual([]);
    },
  );
});
