import { initContract } from '@ts-rest/core';
import { z } from 'zod4';
import {
  altText,
  focus,
  focusField,
  media as mediaEntity,
  mediaId,
  uploadedFile,
} from '../entities/media.ts';
import { operation } from '../operation.ts';

const c = initContract();

export const media = {
  uploadMedia: operation({
    method: 'POST',
    path: '/media',
    summary: 'Upload an image or a short video',
    description:
      'JPEG, PNG, WebP, GIF, AVIF, MP4 (H.264, AAC) or WebM, told by content. Metadata such as the place is removed. Attach it to a post, a reply or your account within 24 hours, or it is deleted.',
    service: 'posts',
    rateLimit: 'upload',
    contentType: 'multipart/form-data',
    body: z
      .strictObject({
        file: uploadedFile,
        poster: uploadedFile.optional().describe('Videos only: an image to show before it plays.'),
        altText: altText.optional(),
        focus: focusField.optional(),
      })
      .meta({ id: 'NewMedia' }),
    responses: { 201: mediaEntity },
    errors: [
      'unsupported_media',
      'media_too_large',
      'media_dimensions',
      'media_invalid',
      'media_quota_exceeded',
      'upload_rate_limited',
    ],
  }),
  getMedia: operation({
    method: 'GET',
    path: '/media/:mediaId',
    summary: 'Read a medium: its state, its sizes and their URLs',
    description: 'Yours, or attached to something that you may see.',
    service: 'posts',
    auth: 'optional',
    pathParams: mediaId,
    responses: { 200: mediaEntity },
    errors: ['media_not_found'],
  }),
  updateMedia: operation({
    method: 'PATCH',
    path: '/media/:mediaId',
    summary: 'Change the alt text or focus of a medium of yours',
    description: 'Members that are left out stay as they are. Works also after the medium was attached.',
    service: 'posts',
    pathParams: mediaId,
    body: z
      .strictObject({ altText: altText.optional(), focus: focus.optional() })
      .meta({ id: 'MediaChanges' }),
    responses: { 200: mediaEntity },
    errors: ['media_not_found'],
  }),
  deleteMedia: operation({
    method: 'DELETE',
    path: '/media/:mediaId',
    summary: 'Delete a medium of yours that is not attached to anything',
    description:
      'Media of a post, a reply or a profile answer `media_attached`: delete that, or put another picture in its place.',
    service: 'posts',
    pathParams: mediaId,
    responses: { 204: c.noBody() },
    errors: ['media_not_found', 'media_attached'],
  }),
};
