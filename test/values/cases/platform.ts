// Objects of Node and the web.

import type { Group } from '../case.ts';
import { of } from './of.ts';

export const platform: Group = {
  title: 'Objects of Node and the web',
  cases: [
    of('URL', "new URL('https://shop.example/a?b=c')", 'https://shop.example/a?b=c'),
    of('URLSearchParams', "new URLSearchParams({ a: '1', b: '2' })", 'a=1&b=2'),
    of(
      'Headers',
      "new Headers([['accept', 'text/html'], ['set-cookie', 'a'], ['set-cookie', 'b']])",
      {
        accept: 'text/html',
        'set-cookie': ['[redacted]', '[redacted]'],
      },
    ),
    of(
      'Request',
      "new Request('https://shop.example/', { method: 'POST', headers: { accept: '*/*' } })",
      {
        method: 'POST',
        url: 'https://shop.example/',
        headers: { accept: '*/*' },
      },
    ),
    of('Response', "new Response('body', { status: 404, headers: { etag: 'x' } })", {
      status: 404,
      statusText: '',
      url: '',
      headers: { 'content-type': 'text/plain;charset=UTF-8', etag: 'x' },
    }),
    of('FormData', 'form', { a: ['1', '2'] }),
    of('Blob', "new Blob(['hi'], { type: 'text/plain' })", { size: 2, type: 'text/plain' }),
    of('File', "new File(['hi'], 'a.txt', { type: 'text/plain' })", {
      name: 'a.txt',
      size: 2,
      type: 'text/plain',
    }),
    of('request of a server', 'req', {
      method: 'GET',
      url: '/orders/7',
      headers: { host: 'shop.example', 'x-request-id': 'r-1', connection: 'close' },
    }),
    of('response of a server', 'res', { statusCode: 201, headers: { location: '/orders/7' } }),
    of('socket', 'req.socket', '[Socket]'),
    of('stream', "stream.Readable.from(['a'])", '[Readable]'),
    of('logger', 'logger', '[DerivedLogger]'),
    of('Promise', 'Promise.resolve(1)', '[Promise]'),
    of('generator', '(function* () { yield 1; })()', '[Generator]'),
    of('iterator', '[1, 2].values()', '[Array Iterator]'),
    of('Intl', "new Intl.NumberFormat('de')", '[Intl.NumberFormat]'),
    of('AbortSignal', 'new AbortController().signal', '[AbortSignal]'),
    of('key of node:crypto', "crypto.createSecretKey('0123456789abcdef', 'hex')", '[KeyObject]'),
  ],
};
