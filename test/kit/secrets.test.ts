import { expect, test } from 'vitest'
import { hideCommand } from '../../src/kit/hide-command.ts'
import { hideValue } from '../../src/kit/hide-value.ts'
import { hideDeclared, hideKnown, secretsInEnvironment } from '../../src/kit/secrets.ts'

test.for([
  [
    './balance --admin-token abc123 --port {port}',
    './balance --admin-token [hidden] --port {port}',
  ],
  ['./balance --admin-token=abc123', './balance --admin-token=[hidden]'],
  ['TOKEN=abc123 ./balance', 'TOKEN=[hidden] ./balance'],
  ['DB_PASSWORD="a b; c" ./balance', 'DB_PASSWORD="[hidden]" ./balance'],
  ['AWS_SECRET_ACCESS_KEY=ab/cd+ef= run', 'AWS_SECRET_ACCESS_KEY=[hidden] run'],
  ["curl -H 'Authorization: Bearer a.b.c' x", "curl -H 'Authorization: Bearer [hidden]' x"],
  ["curl -H 'Cookie: a=b; c=d' x", "curl -H 'Cookie: [hidden]' x"],
  ['curl -u me:geheim x', 'curl -u me:[hidden] x'],
  [
    'proxy_set_header Authorization "Basic abc=";',
    'proxy_set_header Authorization "Basic [hidden]";',
  ],
  ['proxy_set_header X-Api-Key abc123;', 'proxy_set_header X-Api-Key [hidden];'],
  ['http-request set-header X-Auth-Key abc123', 'http-request set-header X-Auth-Key [hidden]'],
  [
    "curl -ume:geheim -H 'X-Own: Bearer a1b2c3d4'",
    "curl -ume:[hidden] -H 'X-Own: Bearer [hidden]'",
  ],
  ['{"set-cookie": ["a=b"]}', '{"set-cookie": ["[hidden]"]}'],
  ['<password>abc123</password>', '<password>[hidden]</password>'],
  ['token_url=http://host/?token=abc123&a=b', 'token_url=http://host/?token=[hidden]&a=b'],
  ['http://host/?a=b&sig=abc%3D&sid=1x', 'http://host/?a=b&sig=[hidden]&sid=[hidden]'],
  ['DB_PASS=abc MYSQL_PWD=def run', 'DB_PASS=[hidden] MYSQL_PWD=[hidden] run'],
  ['run ghp_abcdefghijklmnopqrstuvwxyz0123', 'run [hidden]'],
  ['x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc', 'x=[hidden]'],
  ['http://me:geheim@host:80/', 'http://me:[hidden]@host:80/'],
  ['https://abc@host/?token=x1&b=2', 'https://[hidden]@host/?token=[hidden]&b=2'],
  ['password: hunter2\nname: x', 'password: [hidden]\nname: x'],
  ['{\\"token\\":\\"abc\\"}', '{\\"token\\":\\"[hidden]\\"}'],
  [
    '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----[hidden]-----END PRIVATE KEY-----',
  ],
] as const)('%s', ([text, hidden]) => {
  expect(hideDeclared(text).text).toBe(hidden)
  // A text in which everything is hidden declares nothing more.
  expect(hideDeclared(hidden)).toEqual({ text: hidden, secrets: [] })
})

test.for([
  './balance --admin-token $TOKEN --token-file /etc/t --cookie-name sid',
  'proxy_set_header Authorization $http_authorization;',
  'proxy_cookie_path off; limit_conn 10',
  'http://127.0.0.1:3000/?mail=a@b',
  'lb bench --fail-on p99>20ms --scenario keys.yaml',
  'proxy_pass http://127.0.0.1:3000; proxy_session_timeout: 10s',
  'PWD=/home/me OLDPWD=/ ./balance --compass north --session-timeout=5s --author=me',
  'Basic authentication; basic-comparison; the bearer of a load',
  'location /sign { return 204; } design: x; passive: y; bypass: on; key: header:x-user',
])('nothing is hidden in: %s', (text) => {
  expect(hideDeclared(text)).toEqual({ text, secrets: [] })
})

test('long texts without an end take time in proportion to their length', () => {
  const texts = [
    'token',
    '://',
    '"token":"',
    '-----BEGIN PRIVATE KEY-----',
    'authorization "',
    'session',
    'set-header x-auth ',
    'token_url=',
    'token_url=token_url:',
    '<token>',
    'basic ',
    'eyJaaaaa.',
    'cookie: [',
    '-',
    ' ',
  ]
  for (const text of texts) hideDeclared(text.repeat(100_000 / text.length))
})

test('fields with the name of a secret are hidden with all that is in them, and nothing else', () => {
  const value = { admin: { port: 1, token: 'abc' }, passwords: ['x', { y: 'z' }], tokenFile: 'f' }
  expect(hideValue(value)).toEqual({
    value: {
      admin: { port: 1, token: '[hidden]' },
      passwords: ['[hidden]', { y: '[hidden]' }],
      tokenFile: 'f',
    },
    secrets: ['abc', 'x', 'z'],
  })
})

test.for([
  ...['pwd', 'DB_PASS', 'dbPass', 'passcode', 'pass_word', 'pass-phrase', 'jwt', 'auth', 'X-Auth'],
  ...['X-Auth-Key', 'authKey', 'X-Session', 'sessionId', 'JSESSIONID', 'PHPSESSID', 'sid', 'sig'],
  ...['X-Amz-Signature', 'hmacKey', 'SharedAccessKey', 'Ocp-Apim-Subscription-Key', 'AccountKey'],
  ...[
    'encryption.key',
    'clientKey',
    'ticketKeys',
    'totp',
    'X-CSRF',
    'bearer',
    'API_KEY',
    'x-apikey',
  ],
])('%s is the name of a secret, in whatever form', (name) => {
  const secret = 'Geheim01'
  const forms = [
    `${name}: ${secret}`,
    `${name}=${secret} run`,
    `run --${name} ${secret}`,
    `http://host/?a=b&${name}=${secret}`,
    `{\\"${name}\\":\\"${secret}\\"}`,
  ]
  expect(forms.filter((form) => hideDeclared(form).text.includes(secret))).toEqual([])
  expect(hideValue({ [name]: secret }).secrets).toEqual([secret])
})

test('a command line is hidden by its words: flags, JSON and what follows an equals sign', () => {
  const words = ['ci', '--head-config', '{"tokens":["a1b2c3"]}', '--admin-token', 'abc', '--x=u:p']
  const command = hideCommand([...words, '--url=http://u:geheim@h/'])
  expect(command).toEqual({
    words: [
      ...['ci', '--head-config', '{"tokens":["[hidden]"]}', '--admin-token', '[hidden]', '--x=u:p'],
      '--url=http://u:[hidden]@h/',
    ],
    secrets: ['a1b2c3', 'abc', 'geheim'],
    flags: ['--head-config', '--admin-token', '--url'],
  })
})

test('a known value is hidden in every form in which it may be quoted, and short ones stay', () => {
  const secrets = ['pass"word/1', 'abc']
  expect(hideKnown('pass"word/1 pass\\"word/1 pass%22word%2F1 abc', secrets)).toBe(
    '[hidden] [hidden] [hidden] abc',
  )
})

test('values of the environment count by the name of the variable', () => {
  const env = { API_TOKEN: 'a1b2c3d4', TOKEN_FILE: '/etc/t', SECRET_MODE: 'off', PATH: '/bin' }
  expect(secretsInEnvironment(env)).toEqual(['a1b2c3d4'])
})
