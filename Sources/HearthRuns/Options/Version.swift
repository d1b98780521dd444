/// The version of this build.
package let hearthVersion = "0.1.0"
