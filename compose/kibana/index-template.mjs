const keyword = { type: 'keyword', ignore_above: 1024 };
/** Objects whose fields differ from line to line: one field of the mapping, whatever they hold. */
const facts = { type: 'flattened', ignore_above: 1024 };

/** The name of the template, and the start of the names of data streams that it is for. */
export const templateName = 'logs-twite';

/**
 * How Elasticsearch keeps the log: fields by the names that filebeat.yml gives them, and for how long. A line is never refused:
 * what does not fit a field is left out of the index, and stays in the line.
 */
export const indexTemplate = ({ retention, pattern = `${templateName}-*` }) => ({
  index_patterns: [pattern],
  data_stream: {},
  // Above 200: Elasticsearch has templates of its own for logs-*-*.
  priority: 300,
  template: {
    lifecycle: { data_retention: retention },
    settings: {
      number_of_shards: 1,
      auto_expand_replicas: '0-1',
      refresh_interval: '5s',
      'mapping.ignore_malformed': true,
      'mapping.total_fields.limit': 300,
      'mapping.total_fields.ignore_dynamic_beyond_limit': true,
    },
    mappings: {
      date_detection: false,
      dynamic_templates: [{ strings: { match_mapping_type: 'string', mapping: keyword } }],
      properties: {
        '@timestamp': { type: 'date' },
        message: { type: 'text', fields: { keyword } },
        log: { properties: { level: keyword, file: { properties: { path: { ...keyword, index: false } } } } },
        service: {
          properties: { name: keyword, version: keyword, node: { properties: { name: keyword } } },
        },
        trace: { properties: { id: keyword } },
        http: {
          properties: {
            request: { properties: { id: keyword, method: keyword } },
            response: { properties: { status_code: { type: 'short' } } },
          },
        },
        url: { properties: { path: keyword } },
        user: { properties: { id: keyword } },
        error: {
          properties: {
            type: keyword,
            message: { type: 'text' },
            code: keyword,
            stack_trace: { type: 'text', index: false },
          },
        },
        twite: {
          properties: {
            role: keyword,
            services: keyword,
            operationId: keyword,
            ms: { type: 'float' },
            dependency: keyword,
            queue: keyword,
            consumer: keyword,
            relay: keyword,
            epoch: { type: 'long' },
            task: keyword,
            payload: facts,
            err: facts,
            issues: facts,
          },
        },
      },
    },
  },
  _meta: { description: 'The log of Twite; made by compose/kibana/setup.mjs' },
});
