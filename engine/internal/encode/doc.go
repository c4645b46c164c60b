// Package encode compresses response bodies: what a client takes, what is worth
// it, and encoders whose memory stays bounded however many bodies are under way.
package encode
