// A balancer as one writes it with Go's standard library: httputil.ReverseProxy, round robin, pooled
// keep-alive connections, the same settings as every other target gets (src/targets/same-for-all.ts).
package main

import (
	"flag"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

func main() {
	listen := flag.String("listen", "", "address to listen on")
	to := flag.String("to", "", "origins of the backends, separated by commas")
	flag.Parse()

	transport := &http.Transport{
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		MaxIdleConns:          0,
		MaxIdleConnsPerHost:   512,
		IdleConnTimeout:       4 * time.Second,
		ResponseHeaderTimeout: 60 * time.Second,
		DisableCompression:    true,
	}
	var proxies []*httputil.ReverseProxy
	for _, origin := range strings.Split(*to, ",") {
		backend, err := url.Parse(origin)
		if err != nil {
			log.Fatal(err)
		}
		proxies = append(proxies, proxyTo(backend, transport))
	}

	var turn uint64
	server := &http.Server{
		Addr:        *listen,
		IdleTimeout: 60 * time.Second,
		Handler: http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
			next := atomic.AddUint64(&turn, 1)
			proxies[next%uint64(len(proxies))].ServeHTTP(answer, request)
		}),
	}
	log.Fatal(server.ListenAndServe())
}

// ReverseProxy itself leaves out hop-by-hop fields and adds X-Forwarded-For.
func proxyTo(backend *url.URL, transport http.RoundTripper) *httputil.ReverseProxy {
	return &httputil.ReverseProxy{
		Transport: transport,
		Director: func(request *http.Request) {
			request.URL.Scheme = backend.Scheme
			request.URL.Host = backend.Host
			request.Header.Set("X-Forwarded-Proto", "http")
			request.Header.Set("X-Forwarded-Host", request.Host)
		},
	}
}
