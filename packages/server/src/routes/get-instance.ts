import { contractLimits, type Instance } from '@twite/contract';
import type { Route } from './route.ts';

const acceptedMimeTypes = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'video/mp4',
  'video/webm',
];

export const getInstance: Route<'getInstance'> = ({ deps, config, ownProcess }) => {
  const { media: limits } = deps.settings;
  const instance: Instance = Object.freeze({
    name: config.instanceName,
    version: ownProcess.version,
    services: [...config.services],
    publicTimeline: deps.settings.publicTimeline,
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
      followsPerAccountMax: deps.settings.followsPerAccountMax,
      blocksPerAccountMax: deps.settings.blocksPerAccountMax,
      mutesPerAccountMax: deps.settings.mutesPerAccountMax,
    },
    media: {
      imageBytesMax: limits.imageBytesMax,
      videoBytesMax: limits.videoBytesMax,
      pixelsMax: limits.pixelsMax,
      framesMax: limits.framesMax,
      videoSecondsMax: limits.videoSecondsMax,
      accountBytesMax: limits.accountBytesMax,
      unattachedSeconds: limits.unattachedSeconds,
      attachmentsMax: contractLimits.attachmentsMax,
      altTextLengthMax: contractLimits.altTextLengthMax,
      mimeTypes: [...acceptedMimeTypes],
    },
    rateLimits: Object.fromEntries(
      Object.entries(config.rateLimits ?? {}).map(([policy, { perAccount, perAddress }]) => [
        policy,
        { perAccount, perAddress },
      ]),
    ),
  });
  return () => ({ status: 200, body: instance });
};
