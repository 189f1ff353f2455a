#!/bin/sh
echo begun
exec sleep 60
