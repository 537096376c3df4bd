import { escapeHtml } from './escape-html.ts';
import type { HttpConfig } from './http-config.ts';
import { publicUrlOf } from './public-url.ts';
import type { Page } from './site.ts';
import { makeStandalonePage } from './standalone-page.ts';

const style = `
body { max-width: 40rem; line-height: 1.5; }
pre { padding: 1rem; overflow-x: auto; background: #f4f5f7; border-radius: .3rem; }
code { font-size: .9rem; }
`;

/** The first steps: commands to paste, and a program that runs as it is. */
const body = (name: string, url: string): string => `<h1>${escapeHtml(name)}</h1>
<p>This is a Twite server: accounts, posts, replies, likes, follows and timelines as an HTTP API.</p>
<ul>
<li><a href="docs">API reference</a>: every operation, and what each error code means</li>
<li><a href="openapi.json">OpenAPI document</a>: for generating a client</li>
<li><a href="v1/instance">This instance</a>: its version, limits and features, as JSON</li>
</ul>
<h2>On the command line</h2>
<pre><code>${escapeHtml(`export TWITE_URL=${url}
twite signup ada
twite post "Hello, world"`)}</code></pre>
<h2>In JavaScript and TypeScript</h2>
<pre><code>${escapeHtml(`import { createTwite } from '@twite/sdk';
const twite = createTwite({ baseUrl: '${url}' });
console.log(await twite.instance.get());`)}</code></pre>`;

/** `/`: a description of this server, and the first steps. */
export function makeLandingPage(config: Pick<HttpConfig, 'instanceName' | 'publicUrl'>): Page {
  const { instanceName } = config;
  const pageFor = (url: string): Page =>
    makeStandalonePage({ title: escapeHtml(instanceName), style, body: body(instanceName, url) });
  if (config.publicUrl) return pageFor(config.publicUrl);
  // The address depends on the connection.
  return (ctx) => pageFor(publicUrlOf(config, ctx.req.socket))(ctx);
}
