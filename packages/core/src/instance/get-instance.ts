import { contractLimits, type Instance } from '@twite/contract';
import type { Settings } from '../engine.ts';

const acceptedMimeTypes = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'video/mp4',
  'video/webm',
];

/** The part of the answer that the server knows. */
export interface ServedInstance extends Pick<Instance, 'name' | 'version' | 'rateLimits'> {
  readonly services: readonly Instance['services'][number][];
  readonly jsonBodyBytesMax: number;
}

/** The instance's public settings: constant while the process runs. */
export const getInstance = (settings: Settings, served: ServedInstance): Instance => ({
  name: served.name,
  version: served.version,
  services: [...served.services],
  publicTimeline: settings.publicTimeline,
  limits: {
    textWeightedLengthMax: settings.textWeightedLengthMax,
    handleLengthMax: contractLimits.handleLengthMax,
    displayNameLengthMax: contractLimits.displayNameLengthMax,
    bioLengthMax: contractLimits.bioLengthMax,
    passwordBytesMin: contractLimits.passwordBytesMin,
    passwordBytesMax: contractLimits.passwordBytesMax,
    jsonBodyBytesMax: served.jsonBodyBytesMax,
    pageSizeDefault: contractLimits.pageSizeDefault,
    pageSizeMax: contractLimits.pageSizeMax,
    timelineLength: settings.timelineLength,
    followsPerAccountMax: settings.followsPerAccountMax,
    blocksPerAccountMax: settings.blocksPerAccountMax,
    mutesPerAccountMax: settings.mutesPerAccountMax,
  },
  media: {
    imageBytesMax: settings.media.imageBytesMax,
    videoBytesMax: settings.media.videoBytesMax,
    pixelsMax: settings.media.pixelsMax,
    framesMax: settings.media.framesMax,
    videoSecondsMax: settings.media.videoSecondsMax,
    accountBytesMax: settings.media.accountBytesMax,
    unattachedSeconds: settings.media.unattachedSeconds,
    attachmentsMax: contractLimits.attachmentsMax,
    altTextLengthMax: contractLimits.altTextLengthMax,
    mimeTypes: [...acceptedMimeTypes],
  },
  rateLimits: served.rateLimits,
});
