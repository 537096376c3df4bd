import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorCodes, errorTable } from '@twite/contract';
import { weakEtag } from 'ts-rest-koa';
import { escapeHtml } from './escape-html.ts';
import { fileResponse, type Page } from './site.ts';

/** Nothing from elsewhere. Swagger UI writes style attributes, and its images are data URLs in its style sheet. */
const securityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The folder with Swagger UI: the build copies it next to the bundle; from source, it is that of its package. */
function uiFolder(): string {
  for (const place of ['./docs-ui', '../docs-ui']) {
    const folder = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(folder)) return folder;
  }
  return dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
}

const startScript = `'use strict';
window.addEventListener('load', function () {
  window.SwaggerUIBundle({
    url: 'openapi.json',
    dom_id: '#reference',
    deepLinking: false,
    validatorUrl: null,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
  });
});
`;

const style = `body { margin: 0; font-family: system-ui, sans-serif; color: #3b4151; }
.errors, .intro { max-width: 1420px; margin: 0 auto; padding: 0 20px; }
.intro { padding-top: 20px; }
.errors table { border-collapse: collapse; width: 100%; }
.errors th, .errors td { border-bottom: 1px solid #d8dde7; padding: 8px; text-align: left; vertical-align: top; }
.errors tr:target { background: #fff3cd; }
`;

const withCode = (text: string): string => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');

const errorRow = (code: (typeof errorCodes)[number]): string => {
  const { status, title, detail } = errorTable[code];
  const cells = [`<a href="#${code}"><code>${code}</code></a>`, status, escapeHtml(title), withCode(detail)];
  return `<tr id="${code}">${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
};

/** The page: the reference, rendered from the OpenAPI document by Swagger UI, and a table of the error codes. */
const html = (): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Twite API</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/page.css">
</head>
<body>
<p class="intro"><a href="#errors">Error codes</a> · <a href="openapi.json">OpenAPI document</a></p>
<div id="reference"><noscript><p class="intro">The reference needs JavaScript; the document does not.</p></noscript></div>
<section class="errors" id="errors">
<h2>Error codes</h2>
<p>Errors are <code>application/problem+json</code>; <code>code</code> says which one it is.</p>
<table>
<thead><tr><th>Code</th><th>Status</th><th>Title</th><th>What it means and what to do</th></tr></thead>
<tbody>
${errorCodes.map(errorRow).join('\n')}
</tbody>
</table>
</section>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

const types = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
};

// Loaded for each answer and not cached: the page is rarely read, and its script is large.
const page =
  (contentType: string, load: () => Promise<string | Uint8Array>): Page =>
  async (ctx) => {
    const content = await load();
    const headers = { 'content-security-policy': securityPolicy };
    return fileResponse(ctx, { content, contentType, etag: weakEtag(content) }, headers);
  };

/** `/docs` and its assets, all from this server. */
export function makeDocsPages(): readonly (readonly [path: string, page: Page])[] {
  const folder = uiFolder();
  const file = (name: string) => () => readFile(join(folder, name));
  return [
    ['/docs', page(types.html, async () => html())],
    ['/docs/page.css', page(types.css, async () => style)],
    ['/docs/start.js', page(types.js, async () => startScript)],
    ['/docs/swagger-ui.css', page(types.css, file('swagger-ui.css'))],
    ['/docs/swagger-ui-bundle.js', page(types.js, file('swagger-ui-bundle.js'))],
    ['/docs/favicon-32x32.png', page(types.png, file('favicon-32x32.png'))],
    // Browsers request it wherever a page names no icon, for example for JSON.
    ['/favicon.ico', page(types.png, file('favicon-32x32.png'))],
  ];
}
