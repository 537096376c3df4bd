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
import { created, empty, jsonBody, noBody, ok, uploadBody } from '../payloads.ts';

export const media = {
  uploadMedia: operation({
    method: 'POST',
    path: '/media',
    summary: 'Upload an image or a short video',
    description:
      'Accepts JPEG, PNG, WebP, GIF, AVIF, MP4 (H.264, AAC) and WebM, recognised by their content. Removes metadata such as the location. Attach the file to a post, a reply or your account within 24 hours, or it is deleted.',
    service: 'posts',
    sdk: 'media.upload',
    cli: 'media upload',
    rateLimit: 'upload',
    body: uploadBody(
      z
        .strictObject({
          file: uploadedFile,
          poster: uploadedFile
            .optional()
            .describe('An image to show before the video plays. For videos only.'),
          altText: altText.optional(),
          focus: focusField.optional(),
        })
        .meta({ id: 'NewMedia' }),
    ),
    answer: created(mediaEntity),
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
    summary: 'Get a media file',
    description:
      'Returns its state, its sizes and their URLs. You can see your own files, and files attached to something that you are allowed to see.',
    service: 'posts',
    sdk: 'media.get',
    cli: 'media show',
    auth: 'optional',
    pathParams: mediaId,
    answer: ok(mediaEntity),
    errors: ['media_not_found'],
  }),
  updateMedia: operation({
    method: 'PATCH',
    path: '/media/:mediaId',
    summary: 'Update the alt text or focus of a media file',
    description:
      'Fields that you leave out stay as they are. You can do this even after you attached the file.',
    service: 'posts',
    sdk: 'media.update',
    cli: 'media update',
    pathParams: mediaId,
    body: jsonBody(
      z.strictObject({ altText: altText.optional(), focus: focus.optional() }).meta({ id: 'MediaChanges' }),
    ),
    answer: ok(mediaEntity),
    errors: ['media_not_found'],
  }),
  deleteMedia: operation({
    method: 'DELETE',
    path: '/media/:mediaId',
    summary: 'Delete an unattached media file',
    description:
      'Returns `media_attached` for a file of a post, a reply or a profile: delete the post or reply, or choose another picture, instead.',
    service: 'posts',
    sdk: 'media.delete',
    cli: 'media delete',
    pathParams: mediaId,
    body: noBody,
    answer: empty,
    errors: ['media_not_found', 'media_attached'],
  }),
};
