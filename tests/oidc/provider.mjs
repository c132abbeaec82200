// A certified OpenID provider on a free port of this machine: says where it is in one line, and ends with its input.
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const CALLBACK = 'http://127.0.0.1/v1/session/oidc/callback' // of native clients, at any port (RFC 8252, 7.3)
const PEOPLE = { alice: 'Alice 示例', bob: 'Bob 示例', carol: 'Carol 示例' }

const signing = (kind, options) => ({ ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }), use: 'sig' })
const client = (client_id, id_token_signed_response_alg, more) => ({
  client_id,
  id_token_signed_response_alg,
  application_type: 'native',
  redirect_uris: [CALLBACK],
  post_logout_redirect_uris: ['http://127.0.0.1/'],
  ...more,
})

const server = createServer()
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const issuer = `http://127.0.0.1:${server.address().port}`

const provider = new Provider(issuer, {
  clients: [
    client('ledger', 'RS256', {
      client_secret: 's3cret: +%&=/?',
      application_type: 'web',
      redirect_uris: ['https://ledger.example.cn/v1/session/oidc/callback', CALLBACK.replace('.1/', '.1:9/')],
      post_logout_redirect_uris: ['https://ledger.example.cn/', 'http://127.0.0.1:9/'],
    }),
    client('another', 'RS256', { client_secret: 'of another' }),
    client('ledger-ps', 'PS256', { client_secret: 'of ps' }),
    client('ledger-es', 'ES256', { token_endpoint_auth_method: 'none' }),
    client('ledger-ed', 'Ed25519', { token_endpoint_auth_method: 'none' }),
  ],
  jwks: {
    keys: [
      signing('rsa', { modulusLength: 2048 }),
      signing('ec', { namedCurve: 'P-256' }),
      signing('ed25519'),
    ],
  },
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'Ed25519'] },
  claims: { openid: ['sub'], profile: ['name'] },
  conformIdTokenClaims: false, // the name comes in the ID token
  findAccount: (_, sub) => PEOPLE[sub] && { accountId: sub, claims: () => ({ sub, name: PEOPLE[sub] }) },
  pkce: { required: () => true },
  cookies: { keys: ['of a provider that lives as long as its test'] },
  ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Interaction: 600, Grant: 600, Session: 600 },
})
server.on('request', provider.callback())

process.stdin.on('end', () => process.exit()).resume()
console.log(issuer)
