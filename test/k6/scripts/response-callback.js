import http from 'k6/http';

http.setResponseCallback(http.expectedStatuses(200, 404));

export default function () {
  http.get('http://shop.test/missing');
  http.get('http://shop.test/missing', { responseCallback: http.expectedStatuses(404) });
  http.setResponseCallback(null);
  http.get('http://shop.test/missing');
  http.setResponseCallback(http.expectedStatuses({ min: 500, max: 599 }));
  http.get('http://shop.test/missing');
}
