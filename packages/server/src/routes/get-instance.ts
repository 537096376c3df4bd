import { contractLimits, type Instance } from '@twite/contract';
import type { Route } from './route.ts';

export const getInstance: Route<'getInstance'> = ({ deps, config, version }) => {
  const instance: Instance = Object.freeze({
    name: config.instanceName,
    version,
    services: [...config.services],
    limits: {
      textWeightedLengthMax: deps.settings.textWeightedLengthMax,
      handleLengthMax: contractLimits.handleLengthMax,
      displayNameLengthMax: contractLimits.displayNameLengthMax,
      bioLengthMax: contractLimits.bioLengthMax,
      passwordBytesMin: contractLimits.passwordBytesMin,
      passwordBytesMax: contractLimits.passwordBytesMax,
      jsonBodyBytesMax: config.jsonBodyBytesMax,
      pageSizeDefault: contractLimits.pageSizeDefault,
      pageSizeMax: contractLimits.pageSizeMax,
      timelineLength: deps.settings.timelineLength,
    },
    rateLimits: { ...config.rateLimits },
  });
  return () => ({ status: 200, body: instance });
};
