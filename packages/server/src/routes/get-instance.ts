import * as core from '@twite/core/instance/get-instance';
import type { Route } from './route.ts';

export const getInstance: Route<'getInstance'> = ({ deps, config, ownProcess }) => {
  const instance = Object.freeze(
    core.getInstance(deps.settings, {
      name: config.instanceName,
      version: ownProcess.version,
      services: config.services,
      jsonBodyBytesMax: config.jsonBodyBytesMax,
      rateLimits: Object.fromEntries(
        Object.entries(config.rateLimits ?? {}).map(([policy, { perAccount, perAddress }]) => [
          policy,
          { perAccount, perAddress },
        ]),
      ),
    }),
  );
  return () => ({ status: 200, body: instance });
};
