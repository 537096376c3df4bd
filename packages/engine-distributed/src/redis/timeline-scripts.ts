/*
 * A timeline is one list: ids, newest first, followed by a marker of its state.
 *
 *   c<epoch>          ready and complete: contains all ids (as long as they fit the window)
 *   w<epoch>          ready and cut: one contiguous window, the ids below it are unknown
 *   b<epoch>:<nonce>  being rebuilt: not readable, pushes are kept in it
 *
 * Any other marker belongs to another epoch: the timeline is cold. The window is the first `max` ids; a few more may follow
 * it until they are trimmed together.
 */

/** The number of ids beyond the window that are trimmed together. */
const slack = 64;
/** The number of ids that a timeline may take while it is rebuilt; beyond it, it is dropped. */
const buildingMax = 1_000;
/** The nonce of a rebuild of a ready timeline: it stays readable, and the rebuild is merged into it. */
const readyNonce = '-';
/** Stands for a rebuild that is merged into a ready timeline, and drops any other. */
export const mergeNonce = '+';

/** KEYS: timelines. ARGV: post id, epoch, max. Returns the number of timelines it reached. */
export const pushScript = `
local id, epoch, max = ARGV[1], ARGV[2], tonumber(ARGV[3])
local complete, cut, building = 'c' .. epoch, 'w' .. epoch, 'b' .. epoch
local call, sub = redis.call, string.sub

local function trim(key, marker, length)
  if marker ~= complete and marker ~= cut then
    if length > math.max(${buildingMax}, max + ${slack}) then call('DEL', key) end
  elseif length > max + ${slack} then
    call('LTRIM', key, 0, max - 1)
    call('RPUSH', key, cut)
  end
end

local function insert(key, marker)
  local length = call('LLEN', key) - 1
  if marker == cut or (marker == complete and length >= max) then
    local last = length > 0 and call('LINDEX', key, math.min(length, max) - 1)
    if not last or id < last then
      if marker == complete and length == max then call('LSET', key, -1, cut) end
      return
    end
  end
  local from = 0
  local pivot = marker
  while from < length and pivot == marker do
    for _, other in ipairs(call('LRANGE', key, from, math.min(from + 31, length - 1))) do
      if other == id then return end
      if other < id then
        pivot = other
        break
      end
    end
    from = from + 32
  end
  call('LINSERT', key, 'BEFORE', pivot, id)
  trim(key, marker, length + 1)
end

local reached = 0
for index = 1, #KEYS do
  local key = KEYS[index]
  local marker = call('LINDEX', key, '-1')
  if marker == complete or marker == cut then
    local head = call('LINDEX', key, '0')
    if head < id then
      if call('LPUSH', key, id) > max + ${slack + 1} then trim(key, marker, max + ${slack + 1}) end
    elseif head ~= id then
      insert(key, marker)
    end
    reached = reached + 1
  elseif marker and sub(marker, 1, #building) == building then
    insert(key, marker)
    reached = reached + 1
  end
end
return reached
`;

/**
 * KEYS: timelines. ARGV: epoch, max, then for each: before (may be empty), limit, milliseconds to keep it from now on
 * (or 0). Returns for each nil when it is cold, or one text: 1 or 0 (complete) and the ids.
 */
export const readScript = `
local epoch, max, call = ARGV[1], tonumber(ARGV[2]), redis.call
local whole, cut = 'c' .. epoch, 'w' .. epoch

local function read(key, before, limit, keep)
  local marker = call('LINDEX', key, '-1')
  if marker ~= whole and marker ~= cut then return false end
  local complete = marker == whole
  local length = call('LLEN', key) - 1
  if length > max then
    complete = false
    length = max
  end
  local from = 0
  if before ~= '' then
    local to = length
    while from < to do
      local middle = math.floor((from + to) / 2)
      if call('LINDEX', key, middle) < before then to = middle else from = middle + 1 end
    end
  end
  local to = math.min(from + limit, length)
  local ids = from < to and call('LRANGE', key, from, to - 1) or {}
  if keep ~= '0' then call('PEXPIRE', key, keep) end
  return (complete and '1' or '0') .. table.concat(ids)
end

local slices = {}
for index = 1, #KEYS do
  slices[index] = read(KEYS[index], ARGV[3 * index], tonumber(ARGV[3 * index + 1]), ARGV[3 * index + 2])
end
return slices
`;

/**
 * KEYS: a timeline. ARGV: nonce, epoch, milliseconds to keep it meanwhile. Returns the nonce of the running rebuild.
 */
export const beginRebuildScript = `
local key, nonce, epoch, call = KEYS[1], ARGV[1], ARGV[2], redis.call
local marker = call('LINDEX', key, '-1')
if marker == 'c' .. epoch or marker == 'w' .. epoch then return '${readyNonce}' end
local building = 'b' .. epoch .. ':'
if marker and string.sub(marker, 1, #building) == building then
  nonce = string.sub(marker, #building + 1)
else
  call('DEL', key)
  call('RPUSH', key, building .. nonce)
end
call('PEXPIRE', key, ARGV[3])
return nonce
`;

/**
 * KEYS: a timeline. ARGV: nonce, epoch, max, 1 or 0 (complete), milliseconds to keep it, ids. Returns 1 when it is
 * ready with them.
 */
export const completeRebuildScript = `
local key, nonce, epoch, max = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local isCut, firstId, call = ARGV[4] == '0', 6, redis.call
local marker = call('LINDEX', key, '-1')
local isReady = marker == 'c' .. epoch or marker == 'w' .. epoch
if nonce == '${mergeNonce}' then
  if not isReady then
    call('DEL', key)
    return 0
  end
elseif nonce == '${readyNonce}' then
  if not isReady then return 0 end
elseif marker ~= 'b' .. epoch .. ':' .. nonce then
  return 0
end

-- Above every id: what a cut window without ids leaves out is everything.
local floor, above = '', ':'
local count = #ARGV - firstId + 1
if count > max then
  count = max
  isCut = true
end
if isCut then floor = count > 0 and ARGV[firstId + count - 1] or above end
local kept = call('LRANGE', key, 0, -2)
local keptCount = #kept
if isReady and (marker == 'w' .. epoch or keptCount > max) then
  isCut = true
  keptCount = math.min(keptCount, max)
  local keptFloor = keptCount > 0 and kept[keptCount] or above
  if keptFloor > floor then floor = keptFloor end
end

local merged, one, other = {}, 1, 1
while one <= count or other <= keptCount do
  local a = one <= count and ARGV[firstId + one - 1] or ''
  local b = other <= keptCount and kept[other] or ''
  local id = a > b and a or b
  if id < floor then break end
  if #merged == max then
    isCut = true
    break
  end
  merged[#merged + 1] = id
  if a == id then one = one + 1 end
  if b == id then other = other + 1 end
end

call('DEL', key)
for from = 1, #merged, 500 do
  call('RPUSH', key, unpack(merged, from, math.min(from + 499, #merged)))
end
call('RPUSH', key, (isCut and 'w' or 'c') .. epoch)
call('PEXPIRE', key, ARGV[5])
return 1
`;

/**
 * KEYS: a timeline. ARGV: epoch, max, milliseconds to keep it, ids to remove. Returns 1 when it is ready without them,
 * 0 when it is cold.
 */
export const removeScript = `
local key, epoch, max, call = KEYS[1], ARGV[1], tonumber(ARGV[2]), redis.call
local marker = call('LINDEX', key, '-1')
if marker ~= 'c' .. epoch and marker ~= 'w' .. epoch then
  call('DEL', key)
  return 0
end
local removed = {}
for index = 4, #ARGV do removed[ARGV[index]] = true end
local ids = call('LRANGE', key, 0, -2)
local isCut = #ids > max or marker == 'w' .. epoch
local kept = {}
for index = 1, math.min(#ids, max) do
  if not removed[ids[index]] then kept[#kept + 1] = ids[index] end
end
if isCut and #kept < max / 2 then
  call('DEL', key)
  return 0
end
call('DEL', key)
for from = 1, #kept, 500 do
  call('RPUSH', key, unpack(kept, from, math.min(from + 499, #kept)))
end
call('RPUSH', key, (isCut and 'w' or 'c') .. epoch)
call('PEXPIRE', key, ARGV[3])
return 1
`;
