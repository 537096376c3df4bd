/** Which service of Twite uses which store; each has a user of its own wherever the store has users. */
const everyone = ['posts', 'social', 'profile', 'worker', 'relay', 'twite'];

// TODO-MERGE
export const stores = {
  mongodb: everyone,
  redis: everyone,
  rabbitmq: everyone,
  elasticsearch: everyone,
  neo4j: everyone,
};
export const redisUsers = stores.redis;
export const rabbitmqUsers = stores.rabbitmq;
