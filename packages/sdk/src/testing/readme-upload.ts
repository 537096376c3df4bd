import { createTwite, InvalidInputError, type Media } from '@twite/sdk';

export async function upload(baseUrl: string, token: string, file: string): Promise<Media[]> {
  const twite = createTwite({ baseUrl, token });
  try {
    const picture = await twite.media.upload(file, {
      altText: 'A garden behind an iron gate, in the rain.',
      focus: { x: 0, y: 0.5 },
      onProgress: ({ sentBytes, totalBytes }) => console.log(`${sentBytes} of ${totalBytes ?? '?'} bytes`),
    });
    const { media } = await twite.posts.create({ text: '', mediaIds: [picture.mediaId] });
    return media;
  } catch (error) {
    // unsupported_media, media_too_large, media_dimensions, media_invalid, media_quota_exceeded …
    if (error instanceof InvalidInputError) console.log(error.code, error.message);
    throw error;
  }
}
