/**
 * Which service of Twite uses which store, as docs/configuration.md says; each has a user of its own wherever the store has
 * users. `twite` runs the commands, which may need every store.
 */
export const stores = {
  mongodb: ['posts', 'social', 'profile', 'worker', 'relay', 'twite'],
  redis: ['posts', 'social', 'profile', 'worker', 'relay', 'twite'],
  rabbitmq: ['profile', 'worker', 'relay', 'twite'],
  elasticsearch: ['social', 'worker', 'twite'],
  neo4j: ['profile', 'worker', 'twite'],
  s3: ['posts', 'worker', 'twite'],
};

/**
 * The stores whose figures an exporter of the profile `observability` reads. The container is called like the store, with
 * `-exporter`; in MongoDB and Redis its user is `exporter` and may read figures alone.
 */
export const exported = ['mongodb', 'redis', 'elasticsearch'];
