import http from 'k6/http';
import { check } from 'k6';

export default function () {
  let caught = '';
  try {
    http.get('http://shop.test/').json();
  } catch (error) {
    caught = error.message;
  } finally {
    http.get('http://shop.test/finally');
  }
  check(caught, { 'no JSON': (text) => text.includes('no JSON') });
}
