import { asker, untilReady } from './ask.mjs';
import { indexTemplate, templateName } from './index-template.mjs';
import { dataViewId, savedObjects } from './saved-objects.mjs';

const readyWithinMs = 5 * 60_000;
const streams = `${templateName}-*`;

/** Users and roles: each may do what it is there for, and nothing else. */
async function makeUsers(ask, { systemPassword, filebeatPassword, operatorPassword }) {
  await ask('POST', '/_security/user/kibana_system/_password', { password: systemPassword });
  await ask('PUT', '/_security/role/twite-filebeat', {
    cluster: ['monitor'],
    indices: [{ names: [streams], privileges: ['create_doc', 'auto_configure'] }],
  });
  await ask('PUT', '/_security/user/twite-filebeat', {
    password: filebeatPassword,
    roles: ['twite-filebeat'],
  });
  await ask('PUT', '/_security/role/twite-logs', {
    indices: [{ names: [streams], privileges: ['read', 'view_index_metadata'] }],
  });
  await ask('PUT', '/_security/user/operator', {
    password: operatorPassword,
    roles: ['twite-logs', 'kibana_admin'],
  });
}

/** A data stream that is there already keeps the retention it was made with, unless it is told. */
async function setRetention(ask, retention) {
  try {
    await ask('PUT', `/_data_stream/${streams}/_lifecycle`, { data_retention: retention });
  } catch (error) {
    if (error.status !== 404) throw error;
  }
}

async function importObjects(ask) {
  const form = new FormData();
  form.append('file', new Blob([savedObjects()]), 'twite.ndjson');
  const { success, errors } = await ask('POST', '/api/saved_objects/_import?overwrite=true', form);
  if (!success) throw new Error(`Kibana did not take the saved objects: ${JSON.stringify(errors)}`);
  await ask('POST', '/api/data_views/default', { data_view_id: dataViewId, force: false });
}

/**
 * Creates the users, index template and retention in Elasticsearch, and the data view and saved searches in Kibana. Updates what
 * exists already, so it can run at every start. The template comes first: Filebeat writes only once it exists.
 */
export async function setUp({
  elasticsearchUrl,
  kibanaUrl,
  retention,
  passwords,
  withinMs = readyWithinMs,
  tell = (_line) => {},
}) {
  const askElasticsearch = asker(elasticsearchUrl);
  await untilReady('Elasticsearch', () => askElasticsearch('GET', '/'), withinMs);
  await makeUsers(askElasticsearch, passwords);
  await askElasticsearch('PUT', `/_index_template/${templateName}`, indexTemplate({ retention }));
  await setRetention(askElasticsearch, retention);
  tell(`the data stream ${templateName}-default keeps ${retention}`);
  const { username, password } = new URL(elasticsearchUrl);
  const kibana = Object.assign(new URL(kibanaUrl), { username, password });
  const askKibana = asker(kibana.href, { 'kbn-xsrf': 'twite' });
  await untilReady('Kibana', () => askKibana('GET', '/api/status'), withinMs);
  await importObjects(askKibana);
  tell('Kibana has the data view and the saved searches');
}
