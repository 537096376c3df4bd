const dataViewId = 'twite-logs';

const phrases = (...messages) => `message.keyword : (${messages.map((text) => `"${text}"`).join(' or ')})`;

/** What operators look for, in KQL. */
export const savedSearches = [
  {
    id: 'twite-errors',
    title: 'Twite: errors',
    query: 'log.level : ("error" or "fatal")',
    columns: ['log.level', 'twite.role', 'message', 'error.message', 'trace.id'],
  },
  {
    id: 'twite-warnings',
    title: 'Twite: warnings and errors',
    query: 'log.level : ("warn" or "error" or "fatal")',
    columns: ['log.level', 'twite.role', 'message', 'error.message', 'twite.dependency', 'twite.queue'],
  },
  {
    id: 'twite-failed-requests',
    title: 'Twite: failed requests',
    query: 'http.response.status_code >= 500',
    columns: ['http.response.status_code', 'twite.operationId', 'twite.ms', 'http.request.id', 'trace.id'],
  },
  {
    id: 'twite-refused-requests',
    title: 'Twite: refused requests',
    query: 'http.response.status_code >= 400 and http.response.status_code < 500',
    columns: ['http.response.status_code', 'twite.operationId', 'url.path', 'user.id', 'http.request.id'],
  },
  {
    id: 'twite-slow-requests',
    title: 'Twite: slow requests',
    query: 'twite.ms >= 500',
    columns: ['twite.ms', 'twite.operationId', 'http.response.status_code', 'trace.id'],
  },
  {
    id: 'twite-traces',
    title: 'Twite: what belongs to a request or message',
    query: 'trace.id : * or http.request.id : *',
    columns: ['twite.role', 'message', 'twite.operationId', 'http.request.id', 'trace.id'],
  },
  {
    id: 'twite-relay',
    title: 'Twite: relay leadership',
    query: phrases(
      'relay gained leadership',
      'relay lost leadership',
      'relay older than the data',
      'relay history lost',
      'relay snapshot started',
      'relay snapshot completed',
    ),
    columns: ['message', 'twite.relay', 'twite.epoch', 'service.node.name'],
  },
  {
    id: 'twite-parked',
    title: 'Twite: parked messages',
    query: phrases(
      'message parked',
      'dead letter parked',
      'unreadable change parked',
      'event parked',
      'job parked',
    ),
    columns: ['message', 'twite.queue', 'error.message', 'twite.payload', 'trace.id'],
  },
  {
    id: 'twite-dependencies',
    title: 'Twite: dependencies',
    query: phrases(
      'circuit breaker opened',
      'circuit breaker closed',
      'dependency not reachable',
      'redis disconnected',
      'redis reconnected',
      'rabbitmq disconnected',
      'rabbitmq reconnected',
      'queue waiting for dependency',
    ),
    columns: ['message', 'twite.dependency', 'twite.queue', 'twite.role', 'service.node.name'],
  },
];

const searchIndex = 'kibanaSavedObjectMeta.searchSourceJSON.index';

const searchObject = ({ id, title, query, columns }) => ({
  type: 'search',
  id,
  coreMigrationVersion: '8.8.0',
  typeMigrationVersion: '10.5.0',
  attributes: {
    title,
    description: '',
    columns,
    sort: [['@timestamp', 'desc']],
    grid: {},
    hideChart: false,
    isTextBasedQuery: false,
    timeRestore: false,
    kibanaSavedObjectMeta: {
      searchSourceJSON: JSON.stringify({
        query: { query, language: 'kuery' },
        filter: [],
        indexRefName: searchIndex,
      }),
    },
  },
  references: [{ type: 'index-pattern', id: dataViewId, name: searchIndex }],
});

const dataView = {
  type: 'index-pattern',
  id: dataViewId,
  coreMigrationVersion: '8.8.0',
  typeMigrationVersion: '8.0.0',
  attributes: { title: 'logs-twite-*', name: 'Twite: logs', timeFieldName: '@timestamp' },
  references: [],
};

export { dataViewId };

/** The data view and the saved searches, as Kibana imports them. */
export const savedObjects = () =>
  [dataView, ...savedSearches.map(searchObject)].map((object) => `${JSON.stringify(object)}\n`).join('');
