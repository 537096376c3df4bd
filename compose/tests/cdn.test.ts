import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client } from 'minio';
import { describe, expect, test } from 'vitest';
import { cdnSuite } from './cdn.suite.ts';
import { cdnAgeSuite } from './cdn-age.suite.ts';
import { mimeTypes, newPath, type TestOrigin } from './cdn-world.ts';
import { composeFolder, readCompose } from './compose-files.ts';
import { openEmbeddedOrigin } from './embedded-origin.ts';
import { hasNginx, RunningCdn } from './running-cdn.ts';

const {
  TWITE_TEST_S3_ENDPOINT: endpoint,
  TWITE_TEST_S3_ACCESS_KEY: accessKey = '',
  TWITE_TEST_S3_SECRET_KEY: secretKey = '',
} = process.env;

if (!hasNginx) process.stderr.write('skipped: tests of the CDN need nginx (Debian: nginx-light)\n');

/** A separate bucket whose media/* is publicly readable, as the servers create it. */
async function openBucket(url: string): Promise<TestOrigin> {
  const { hostname, port, protocol } = new URL(url);
  const useSSL = protocol === 'https:';
  const region = 'us-east-1';
  const client = new Client({ endPoint: hostname, port: Number(port), useSSL, accessKey, secretKey, region });
  const bucket = `t${randomBytes(8).toString('hex')}-media`;
  await client.makeBucket(bucket, region);
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: ['*'] },
    Action: ['s3:GetObject'],
    Resource: [`arn:aws:s3:::${bucket}/media/*`],
  };
  await client.setBucketPolicy(bucket, JSON.stringify({ Version: '2012-10-17', Statement: [statement] }));
  const names = new Set<string>();
  return {
    url: `${url.replace(/\/$/, '')}/${bucket}`,
    async add(content, extension, cacheControl, path = newPath(extension)) {
      const name = path.slice(1);
      names.add(name);
      await client.putObject(bucket, name, Buffer.from(content), content.length, {
        'Content-Type': mimeTypes[extension],
        'Cache-Control': cacheControl,
      });
      return path;
    },
    remove: (path) => client.removeObject(bucket, path.slice(1)),
    async [Symbol.asyncDispose]() {
      await client.removeObjects(bucket, [...names]);
      await client.removeBucket(bucket);
    },
  };
}

describe.runIf(hasNginx && endpoint !== undefined)('with a bucket', () => {
  const open = () => openBucket(endpoint as string);
  cdnSuite('a bucket', open);
  cdnAgeSuite('a bucket', open);
});

/** An origin that answers all requests the same way. */
async function serve(answer: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe.runIf(hasNginx)('with a server', () => {
  cdnSuite('a server of the embedded engine', openEmbeddedOrigin);
});

describe.runIf(hasNginx)('the CDN', () => {
  test('overrides unsafe headers of the origin', async () => {
    const path = newPath('webp');
    const asked: (string | undefined)[] = [];
    await using origin = await serve((incoming, response) => {
      asked.push(incoming.url);
      response.writeHead(200, {
        'content-type': 'text/html',
        'content-disposition': 'attachment; filename="x.html"',
        'content-security-policy': 'default-src *',
        'set-cookie': 'session=1',
        vary: '*',
        'x-accel-redirect': '/readyz',
        'x-accel-expires': '100000',
        'x-cache': 'HIT from elsewhere',
        'x-amz-request-id': '1',
        'cache-control': 's-maxage=300',
      });
      response.end('<script>alert(1)</script>');
    });
    await using cdn = await RunningCdn.before(origin.url);
    for (const cache of ['MISS', 'HIT']) {
      const answer = await fetch(cdn.url + path);
      expect(await answer.text()).toContain('alert');
      const headers = Object.fromEntries(answer.headers);
      expect(headers).toMatchObject({
        'content-type': 'image/webp',
        'content-disposition': `inline; filename="${path.slice('/media/'.length)}"`,
        'content-security-policy': "sandbox; default-src 'none'",
        'x-cache': cache,
      });
      expect(Object.keys(headers).filter((name) => /cookie|vary|^x-a/.test(name))).toEqual([]);
    }
    expect(asked).toEqual([path]);
  });

  test('hides the S3 error for a missing object', async () => {
    await using origin = await serve((_, response) => {
      response.writeHead(403, { 'content-type': 'application/xml', 'x-amz-request-id': '1' });
      response.end('<Error><Code>AccessDenied</Code><BucketName>twite-media</BucketName></Error>');
    });
    await using cdn = await RunningCdn.before(origin.url);
    for (const path of [newPath('webp'), newPath('mp4')]) {
      for (let times = 0; times < 2; times++) {
        const answer = await fetch(cdn.url + path);
        expect([answer.status, await answer.text()]).toEqual([404, 'Not found\n']);
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
    }
  });

  test.each([301, 307, 401, 500])('answers 503 when the origin answers %i', async (status) => {
    await using origin = await serve((_, response) => {
      response.writeHead(status, { location: 'https://elsewhere.example/' }).end('<Error/>');
    });
    await using cdn = await RunningCdn.before(origin.url);
    const answer = await fetch(cdn.url + newPath('webp'), { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location'), answer.headers.get('retry-after')]).toEqual([
      503,
      null,
      '5',
    ]);
    expect(await answer.text()).not.toContain('Error');
  });

  test('logs a JSON line with the cache status for each request', async () => {
    await using cdn = await RunningCdn.before('http://127.0.0.1:1');
    await fetch(`${cdn.url}/media/"x`, { headers: { 'x-request-id': 'a-good-one' } });
    await expect.poll(() => cdn.log).toContain('a-good-one');
    const line = cdn.log.split('\n').find((text) => text.includes('a-good-one')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ status: 404, path: '/media/"x', method: 'GET' });
  });
});

describe('the origin', () => {
  test.each([
    [{}, 'http://s3:9000/twite-media'],
    [{ TWITE_NAMESPACE: 'of_two_words' }, 'http://s3:9000/of-two-words-media'],
    [{ TWITE_S3_BUCKET: 'mine', TWITE_S3_PREFIX: 'of/twite/' }, 'http://s3:9000/mine/of/twite'],
    [{ TWITE_S3_BUCKET: 'none', TWITE_S3_PREFIX: 'of/twite' }, 'http://s3:9000/twite-media/of/twite'],
    [{ TWITE_S3_PREFIX: 'none' }, 'http://s3:9000/twite-media'],
    [{ TWITE_CDN_ORIGIN: 'http://posts:8080', TWITE_S3_BUCKET: 'mine' }, 'http://posts:8080'],
  ])('with %o is %s', (variables, origin) => {
    const unset = { TWITE_CDN_ORIGIN: '', TWITE_S3_BUCKET: '', TWITE_S3_PREFIX: '' };
    const env = { PATH: process.env.PATH, ...unset, TWITE_NAMESPACE: 'twite', ...variables };
    const args = [join(composeFolder, 'cdn/start.sh'), 'sh', '-c', 'printf %s "$TWITE_CDN_ORIGIN"'];
    const { status, stdout, stderr } = spawnSync('sh', args, { env, encoding: 'utf8' });
    expect([status, stdout, stderr]).toEqual([0, origin, '']);
  });
});

describe('the template', () => {
  const template = readCompose('cdn/nginx.conf.template');

  test('sets headers in one place, because a location with its own headers would replace them', () => {
    const locations = template.slice(template.indexOf('location ~'));
    expect(locations).not.toContain('add_header');
  });
});
