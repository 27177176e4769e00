import crypto from 'k6/crypto';
import { hmac, sha256 } from 'k6/crypto';
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const hasher = crypto.createHash('sha256');
  hasher.update('hello world!');
  check(null, {
    'digests agree': () => hasher.digest('hex') === sha256('hello world!', 'hex'),
    'mac has its length': () => hmac('sha256', 'key', 'text', 'base64').length === 44,
  });
  http.get('http://shop.test/', { headers: { 'x-digest': crypto.md5('a', 'hex') } });
}
