#!/bin/sh
echo going wrong >&2
exit 3
