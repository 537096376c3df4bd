// Generated from @twite/contract by packages/sdk/scripts/generate.ts: do not edit, run `npm run generate`.

import type { OperationDefinition } from '../operation.ts';
import { operationTable } from '../operation-table.ts';

export type OperationId =
  | 'createAccount'
  | 'getAccount'
  | 'getAccountByHandle'
  | 'getMe'
  | 'updateMe'
  | 'deleteMe'
  | 'changePassword'
  | 'listRecommendedAccounts'
  | 'createSession'
  | 'refreshSession'
  | 'resetPassword'
  | 'listSessions'
  | 'deleteSession'
  | 'createToken'
  | 'listTokens'
  | 'deleteToken'
  | 'createPost'
  | 'getPost'
  | 'deletePost'
  | 'listAccountPosts'
  | 'createReply'
  | 'listReplies'
  | 'getReply'
  | 'deleteReply'
  | 'likePost'
  | 'unlikePost'
  | 'likeReply'
  | 'unlikeReply'
  | 'listPostLikes'
  | 'listLikedPosts'
  | 'listMyLikes'
  | 'uploadMedia'
  | 'getMedia'
  | 'updateMedia'
  | 'deleteMedia'
  | 'followAccount'
  | 'unfollowAccount'
  | 'listFollowers'
  | 'listFollowing'
  | 'listRelationships'
  | 'blockAccount'
  | 'unblockAccount'
  | 'muteAccount'
  | 'unmuteAccount'
  | 'listBlocks'
  | 'listMutes'
  | 'getHomeTimeline'
  | 'getPublicTimeline'
  | 'searchPosts'
  | 'searchAccounts'
  | 'getInstance'
  | 'getStats'
  | 'listAllAccounts'
  | 'suspendAccount'
  | 'reinstateAccount'
  | 'setRole'
  | 'createPasswordReset'
  | 'removePost'
  | 'removeReply'
  | 'listAuditLog'
  | 'getStatus'
  | 'listQueues'
  | 'listParkedMessages'
  | 'replayParkedMessages'
  | 'dropParkedMessages';

/** Every operation of the contract: how it is called over HTTP, and as what in the SDK. */
export const operations: Readonly<Record<OperationId, OperationDefinition>> = operationTable(
  { body: 'none', status: 200, answer: 'value', auth: 'required' },
  {
    createAccount: ['accounts.create', 'POST /v1/accounts', { body: 'required', status: 201, auth: 'none' }],
    getAccount: ['accounts.get', 'GET /v1/accounts/:accountId', { auth: 'optional' }],
    getAccountByHandle: ['accounts.getByHandle', 'GET /v1/accounts/by-handle/:handle', { auth: 'optional' }],
    getMe: ['me.get', 'GET /v1/me'],
    updateMe: ['me.update', 'PATCH /v1/me', { body: 'required' }],
    deleteMe: ['me.delete', 'DELETE /v1/me', { body: 'required', status: 204, answer: 'nothing' }],
    changePassword: ['me.changePassword', 'PUT /v1/me/password', { body: 'required', status: 204, answer: 'nothing' }],
    listRecommendedAccounts: ['recommendations.listAccounts', 'GET /v1/recommendations/accounts', { answer: 'page', query: { limit: 'single' } }],
    createSession: ['sessions.create', 'POST /v1/sessions', { body: 'required', status: 201, auth: 'none' }],
    refreshSession: ['sessions.refresh', 'POST /v1/sessions/refresh', { body: 'required', auth: 'none' }],
    resetPassword: ['sessions.resetPassword', 'POST /v1/password-resets', { body: 'required', status: 204, answer: 'nothing', auth: 'none' }],
    listSessions: ['sessions.list', 'GET /v1/sessions', { answer: 'page', query: { limit: 'single', cursor: 'single' } }],
    deleteSession: ['sessions.delete', 'DELETE /v1/sessions/:sessionId', { status: 204, answer: 'nothing' }],
    createToken: ['tokens.create', 'POST /v1/tokens', { body: 'required', status: 201 }],
    listTokens: ['tokens.list', 'GET /v1/tokens', { answer: 'page', query: { limit: 'single', cursor: 'single' } }],
    deleteToken: ['tokens.delete', 'DELETE /v1/tokens/:tokenId', { status: 204, answer: 'nothing' }],
    createPost: ['posts.create', 'POST /v1/posts', { body: 'required', status: 201 }],
    getPost: ['posts.get', 'GET /v1/posts/:postId', { auth: 'optional', query: { include: 'single' } }],
    deletePost: ['posts.delete', 'DELETE /v1/posts/:postId', { status: 204, answer: 'nothing' }],
    listAccountPosts: ['accounts.listPosts', 'GET /v1/accounts/:accountId/posts', { answer: 'page', auth: 'optional', query: { limit: 'single', cursor: 'single' } }],
    createReply: ['replies.create', 'POST /v1/posts/:postId/replies', { body: 'required', status: 201 }],
    listReplies: ['replies.list', 'GET /v1/posts/:postId/replies', { answer: 'page', auth: 'optional', query: { limit: 'single', cursor: 'single' } }],
    getReply: ['replies.get', 'GET /v1/replies/:replyId', { auth: 'optional' }],
    deleteReply: ['replies.delete', 'DELETE /v1/replies/:replyId', { status: 204, answer: 'nothing' }],
    likePost: ['posts.like', 'PUT /v1/posts/:postId/like'],
    unlikePost: ['posts.unlike', 'DELETE /v1/posts/:postId/like'],
    likeReply: ['replies.like', 'PUT /v1/replies/:replyId/like'],
    unlikeReply: ['replies.unlike', 'DELETE /v1/replies/:replyId/like'],
    listPostLikes: ['posts.listLikes', 'GET /v1/posts/:postId/likes', { answer: 'page', auth: 'optional', query: { limit: 'single', cursor: 'single' } }],
    listLikedPosts: ['accounts.listLikes', 'GET /v1/accounts/:accountId/likes', { answer: 'page', auth: 'optional', query: { limit: 'single', cursor: 'single' } }],
    listMyLikes: ['me.listLikes', 'GET /v1/me/likes', { answer: 'page', query: { limit: 'single', cursor: 'single' } }],
    uploadMedia: ['media.upload', 'POST /v1/media', { body: 'multipart', status: 201 }],
    getMedia: ['media.get', 'GET /v1/media/:mediaId', { auth: 'optional' }],
    updateMedia: ['media.update', 'PATCH /v1/media/:mediaId', { body: 'required' }],
    deleteMedia: ['media.delete', 'DELETE /v1/media/:mediaId', { status: 204, answer: 'nothing' }],
    followAccount: ['accounts.follow', 'PUT /v1/accounts/:accountId/follow'],
    unfollowAccount: ['accounts.unfollow', 'DELETE /v1/accounts/:accountId/follow'],
    listFollowers: ['accounts.listFollowers', 'GET /v1/accounts/:accountId/followers', { answer: 'page', auth: 'optional', query: { limit: 'single', cursor: 'single' } }],
    listFollowing: ['accounts.listFollowing', 'GET /v1/accounts/:accountId/following', { answer: 'page', auth: 'optional', query: { limit: 'single', cursor: 'single' } }],
    listRelationships: ['relationships.list', 'GET /v1/relationships', { answer: 'page', query: { accountIds: 'commaSeparated' } }],
    blockAccount: ['accounts.block', 'PUT /v1/accounts/:accountId/block'],
    unblockAccount: ['accounts.unblock', 'DELETE /v1/accounts/:accountId/block'],
    muteAccount: ['accounts.mute', 'PUT /v1/accounts/:accountId/mute'],
    unmuteAccount: ['accounts.unmute', 'DELETE /v1/accounts/:accountId/mute'],
    listBlocks: ['accounts.listBlocks', 'GET /v1/blocks', { answer: 'page', query: { limit: 'single', cursor: 'single' } }],
    listMutes: ['accounts.listMutes', 'GET /v1/mutes', { answer: 'page', query: { limit: 'single', cursor: 'single' } }],
    getHomeTimeline: ['timelines.home', 'GET /v1/timelines/home', { answer: 'page', query: { limit: 'single', cursor: 'single' } }],
    getPublicTimeline: ['timelines.public', 'GET /v1/timelines/public', { answer: 'page', auth: 'optional', query: { limit: 'single', cursor: 'single' } }],
    searchPosts: ['search.posts', 'GET /v1/search/posts', { answer: 'page', auth: 'optional', query: { limit: 'single', cursor: 'single', q: 'single' } }],
    searchAccounts: ['search.accounts', 'GET /v1/search/accounts', { answer: 'page', auth: 'optional', query: { limit: 'single', cursor: 'single', q: 'single' } }],
    getInstance: ['instance.get', 'GET /v1/instance', { auth: 'none' }],
    getStats: ['admin.getStats', 'GET /v1/admin/stats'],
    listAllAccounts: ['admin.listAccounts', 'GET /v1/admin/accounts', { answer: 'page', query: { limit: 'single', cursor: 'single', status: 'single' } }],
    suspendAccount: ['admin.suspendAccount', 'PUT /v1/admin/accounts/:accountId/suspension', { body: 'optional' }],
    reinstateAccount: ['admin.reinstateAccount', 'DELETE /v1/admin/accounts/:accountId/suspension'],
    setRole: ['admin.setRole', 'PUT /v1/admin/accounts/:accountId/role', { body: 'required' }],
    createPasswordReset: ['admin.createPasswordReset', 'POST /v1/admin/accounts/:accountId/password-resets', { status: 201 }],
    removePost: ['admin.removePost', 'DELETE /v1/admin/posts/:postId', { status: 204, answer: 'nothing' }],
    removeReply: ['admin.removeReply', 'DELETE /v1/admin/replies/:replyId', { status: 204, answer: 'nothing' }],
    listAuditLog: ['admin.listAuditLog', 'GET /v1/admin/audit-log', { answer: 'page', query: { limit: 'single', cursor: 'single' } }],
    getStatus: ['admin.getStatus', 'GET /v1/admin/status'],
    listQueues: ['admin.listQueues', 'GET /v1/admin/queues'],
    listParkedMessages: ['admin.listParkedMessages', 'GET /v1/admin/queues/:queue/parked', { answer: 'page', query: { limit: 'single', cursor: 'single' } }],
    replayParkedMessages: ['admin.replayParkedMessages', 'POST /v1/admin/queues/:queue/replay', { body: 'required' }],
    dropParkedMessages: ['admin.dropParkedMessages', 'POST /v1/admin/queues/:queue/drop', { body: 'required' }],
  },
);
